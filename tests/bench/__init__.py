"""The benchmarks; `make bench` runs them."""

from bot.logs import prepare_libraries
from bot.without_tensorflow import leave_out_tensorflow

# As the assistant's own start does, before any of them imports Rasa.
prepare_libraries()
leave_out_tensorflow()
