"""What comes with an export, to be read by the person."""

import io
import zipfile

import pytest

from bot.chat.exporting import archive, explained
from core.emotion.labels import COARSE, FINE
from core.models import Language
from core.store.codec import dump_state, readable_state
from core.store.repositories.people import OWNED
from core.store.tables import Base
from tests.keepsakes import mood_state
from tests.services import NOW
from tests.unit.console_fakes import PRESENTERS

TABLES = {Base.metadata.tables["person"], *OWNED}


@pytest.mark.parametrize("language", list(Language))
def test_every_table_and_column_of_an_export_is_explained(language: Language) -> None:
    texts = PRESENTERS[language].texts
    lines = dict(line.split(": ", 1) for line in explained(texts).splitlines() if ": " in line)
    for table in TABLES:
        columns = [c.name for c in table.columns if c.name != "person" and "hash" not in c.name]
        for column in columns:
            assert column in lines[table.name], (table.name, column)


@pytest.mark.parametrize("language", list(Language))
def test_whatever_a_state_holds_is_explained(language: Language) -> None:
    said = explained(PRESENTERS[language].texts)
    (person,) = (line for line in said.splitlines() if line.startswith("person: "))
    state = readable_state(dump_state(mood_state()))
    assert state is not None
    for name in {*state, *state["mood"], *state["recent"][0]} - {"mood"}:
        assert name in person, name


@pytest.mark.parametrize("language", list(Language))
def test_numbers_in_a_row_are_named_in_their_order(language: Language) -> None:
    texts = PRESENTERS[language].texts
    said = explained(texts)
    assert ", ".join(texts(f"emotion.{label}") for label in COARSE) in said
    assert ", ".join(texts(f"fine.{label}") for label in FINE) in said


def test_the_explanation_is_a_file_that_editors_read_as_what_it_is() -> None:
    content = archive({}, NOW, "설명 · Explanation")
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        assert whole.read("README.txt").decode("utf-8-sig") == "설명 · Explanation"
        assert whole.read("README.txt").startswith(b"\xef\xbb\xbf")
