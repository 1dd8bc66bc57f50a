//! The Shoufa server: REST API, background work and commands in one binary.

pub mod access;
pub mod background;
pub mod backup;
pub mod city;
pub mod clock;
pub mod commands;
pub mod config;
pub mod database;
pub mod delivery;
pub mod demo;
pub mod doctor;
pub mod errors;
pub mod exports;
pub mod limits;
pub mod photos;
pub mod routes;
pub mod server;
pub mod services;
pub mod stores;
pub mod telemetry;
pub mod tiles;
pub mod usecases;
pub mod views;
