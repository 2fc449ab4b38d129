"""The demo set: a plant, its files, and one return told from end to end through the verbs, by its people, at its dates."""
