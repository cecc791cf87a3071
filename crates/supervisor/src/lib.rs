//! A private PostgreSQL with pgvector: found or fetched, started, watched, stopped.
