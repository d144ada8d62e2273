//! The routes of the parts, each a thin translation.
