"""Small torch modules and optimizers, each fit to be read by a learner."""
