PRAGMA application_id = 1819045236;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE attempts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            unit TEXT NOT NULL,
            section TEXT NOT NULL,
            step TEXT,
            kind TEXT NOT NULL,
            item TEXT NOT NULL,
            answer TEXT NOT NULL,
            correct INTEGER CHECK (correct IN (0, 1)),
            confidence INTEGER CHECK (confidence BETWEEN 1 AND 3),
            lang TEXT NOT NULL,
            extra TEXT NOT NULL
        ) STRICT
        ;
INSERT INTO "attempts" VALUES(1,'2026-11-23T20:01:20.000000+00:00','unit1','s3',NULL,'opening','s3.open1','[2]',NULL,NULL,'zh','{}');
INSERT INTO "attempts" VALUES(2,'2026-11-23T20:03:20.000000+00:00','unit1','s3',NULL,'prediction','gpt','"falls"',NULL,NULL,'zh','{}');
INSERT INTO "attempts" VALUES(3,'2026-11-23T20:04:00.000000+00:00','unit1','s3',NULL,'reveal','gpt','{"predicted":"falls","outcome":"falls"}',1,NULL,'zh','{"seed":0,"metrics":{"gpt":{"val_loss":1.84,"first_val_loss":5.55}}}');
INSERT INTO "attempts" VALUES(4,'2026-11-23T20:05:20.000000+00:00','unit1','s3','s3.check-1','answer','s3.q01','[2]',0,NULL,'zh','{"shuffle_seed":3}');
INSERT INTO "attempts" VALUES(5,'2026-11-23T20:06:00.000000+00:00','unit1','s3','s3.check-1','answer','s3.q02','[0,3]',0,NULL,'en','{"shuffle_seed":5}');
INSERT INTO "attempts" VALUES(6,'2026-11-23T20:06:40.000000+00:00','unit1','s3','s3.arlm','answer','s3.q01','[0]',1,NULL,'zh','{"shuffle_seed":7}');
INSERT INTO "attempts" VALUES(7,'2026-11-23T20:07:20.000000+00:00','unit1','',NULL,'reveal','mlm','{"predicted":null,"outcome":"wins"}',NULL,NULL,'en','{"seed":1,"metrics":{},"settings":{"lr":"9"}}');
CREATE TABLE positions (
            unit TEXT NOT NULL,
            section TEXT NOT NULL,
            step TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (unit, section)
        ) STRICT
        ;
INSERT INTO "positions" VALUES('unit1','s3','s3.arlm','2026-11-23T20:02:40.000000+00:00');
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL, at TEXT NOT NULL) STRICT;
INSERT INTO "settings" VALUES('lang','zh','2026-11-23T20:00:40.000000+00:00');
CREATE TABLE steps (
            unit TEXT NOT NULL,
            section TEXT NOT NULL,
            step TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (unit, section, step)
        ) STRICT
        ;
INSERT INTO "steps" VALUES('unit1','s3','s3.two-stages','2026-11-23T20:02:00.000000+00:00');
INSERT INTO "steps" VALUES('unit1','s3','s3.arlm','2026-11-23T20:04:40.000000+00:00');
CREATE INDEX attempts_by_item ON attempts (kind, item, id);
CREATE TRIGGER attempts_never_change BEFORE UPDATE ON attempts
        BEGIN SELECT RAISE(ABORT, 'attempts is append-only'); END;
CREATE TRIGGER attempts_never_vanish BEFORE DELETE ON attempts
        BEGIN SELECT RAISE(ABORT, 'attempts is append-only'); END;
CREATE TRIGGER attempts_never_replaced BEFORE INSERT ON attempts
        WHEN EXISTS (SELECT 1 FROM attempts WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'attempts is append-only'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('attempts',7);
COMMIT;
