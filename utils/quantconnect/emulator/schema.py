"""Tables of the emulator's database. Times are seconds since the epoch, structures are JSON."""

from __future__ import annotations

FIRST_PROJECT_ID = 10_000_001

SCHEMA = """
CREATE TABLE IF NOT EXISTS project (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    language TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    parameters TEXT NOT NULL DEFAULT '{}',
    lean_version INTEGER,
    lean_environment INTEGER NOT NULL DEFAULT 1,
    nodes TEXT NOT NULL DEFAULT '[]',
    created REAL NOT NULL,
    modified REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS file (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    modified REAL NOT NULL,
    UNIQUE (project_id, name)
);
CREATE TABLE IF NOT EXISTS library (
    project_id INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    library_id INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    PRIMARY KEY (project_id, library_id)
);
CREATE TABLE IF NOT EXISTS compilation (
    id TEXT PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    created REAL NOT NULL,
    outcome TEXT NOT NULL,
    logs TEXT NOT NULL,
    snapshot TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS optimization (
    id TEXT PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    created REAL NOT NULL,
    aborted REAL,
    request TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS backtest (
    id TEXT PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    compilation_id TEXT NOT NULL,
    optimization_id TEXT REFERENCES optimization (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    parameters TEXT NOT NULL,
    created REAL NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued',
    progress REAL NOT NULL DEFAULT 0,
    node_id TEXT,
    outcome TEXT
);
CREATE TABLE IF NOT EXISTS live (
    id TEXT PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    compilation_id TEXT NOT NULL,
    node_id TEXT NOT NULL,
    brokerage TEXT NOT NULL,
    version_id INTEGER NOT NULL,
    cash TEXT NOT NULL,
    holdings TEXT NOT NULL,
    launched REAL NOT NULL,
    stopped REAL,
    ending TEXT,
    message TEXT NOT NULL DEFAULT ''
);
-- Whatever happens at once: one live algorithm per node, and one per project.
CREATE UNIQUE INDEX IF NOT EXISTS one_live_per_node ON live (node_id) WHERE stopped IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS one_live_per_project ON live (project_id) WHERE stopped IS NULL;
CREATE TABLE IF NOT EXISTS live_log (
    live_id TEXT NOT NULL REFERENCES live (id) ON DELETE CASCADE,
    at REAL NOT NULL,
    line TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS object (
    key TEXT PRIMARY KEY,
    data BLOB NOT NULL,
    created REAL NOT NULL,
    modified REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS object_download (
    id TEXT PRIMARY KEY,
    keys TEXT NOT NULL,
    created REAL NOT NULL
);
"""
