"""The sentences of the tiny world, as tables that `tutor.data.tiny_world.grammar` reads."""
