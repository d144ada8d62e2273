//! What an operator does at the machine: asks the doctor, enrols a second factor, backs up, installs.
#![allow(clippy::unwrap_used, reason = "a test may fall over")]

mod desk_cert;
mod doctor;
mod drill;
mod suite;
mod totp;
