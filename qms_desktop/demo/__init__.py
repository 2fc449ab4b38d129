"""The demo set: a plant, its files, and one return told through the verbs, by its people, at its dates."""
