from hypothesis import settings

# A busy machine is no failure: tests judge results, not durations.
settings.register_profile("default", deadline=None)
settings.load_profile("default")
