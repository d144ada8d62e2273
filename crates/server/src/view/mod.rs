//! What is shown: projections of the state for one session.
