"""The benchmarks; `make bench` runs them."""

from bot.logs import prepare_libraries

# As the assistant's own start does, before any of them imports Rasa.
prepare_libraries()
