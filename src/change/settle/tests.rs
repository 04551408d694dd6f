//! Settling against a world of one object.
