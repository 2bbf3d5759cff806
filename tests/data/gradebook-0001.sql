BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE marks (
	id INTEGER NOT NULL, 
	result_id INTEGER, 
	assignment VARCHAR(200) NOT NULL, 
	student TEXT NOT NULL, 
	question VARCHAR(200) NOT NULL, 
	points FLOAT, 
	comment TEXT NOT NULL, 
	answer_digest VARCHAR(64) NOT NULL, 
	undoes INTEGER, 
	given_by TEXT NOT NULL, 
	given_at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(result_id) REFERENCES results (id), 
	FOREIGN KEY(undoes) REFERENCES marks (id)
);
INSERT INTO "marks" VALUES(1,1,'line','Ana Ñandú','q1',2.0,'Bien dicho','d',NULL,'Lic. Pérez','2026-01-02T10:00:00+00:00');
INSERT INTO "marks" VALUES(2,1,'line','Ana Ñandú','q1',1.0,'','d',NULL,'Lic. Pérez','2026-01-02T11:00:00+00:00');
INSERT INTO "marks" VALUES(3,NULL,'line','Ana Ñandú','q1',NULL,'','',2,'Lic. Pérez','2026-01-02T12:00:00+00:00');
CREATE TABLE outcomes (
	id INTEGER NOT NULL, 
	result_id INTEGER NOT NULL, 
	question VARCHAR(200) NOT NULL, 
	"check" VARCHAR(200) NOT NULL, 
	status VARCHAR(20) NOT NULL, 
	points FLOAT NOT NULL, 
	max_points FLOAT NOT NULL, 
	misconception VARCHAR(200), 
	look BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(result_id) REFERENCES results (id)
);
INSERT INTO "outcomes" VALUES(1,1,'q1','slope','partial',3.0,4.0,'swapped',0);
CREATE TABLE results (
	id INTEGER NOT NULL, 
	run_id INTEGER NOT NULL, 
	assignment VARCHAR(200) NOT NULL, 
	student TEXT NOT NULL, 
	name TEXT NOT NULL, 
	status VARCHAR(20) NOT NULL, 
	points FLOAT, 
	max_points FLOAT NOT NULL, 
	pending_points FLOAT NOT NULL, 
	settled BOOLEAN NOT NULL, 
	assignment_digest VARCHAR(64) NOT NULL, 
	check_digest VARCHAR(64) NOT NULL, 
	content_digest VARCHAR(64) NOT NULL, 
	engine VARCHAR(60) NOT NULL, 
	given_by TEXT NOT NULL, 
	given_at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
INSERT INTO "results" VALUES(1,1,'line','Ana Ñandú','ana','waiting',3.0,4.0,2.0,1,'a','k','c','0.0.9+abc','coteja grade','2026-01-01T10:00:05+00:00');
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	assignment VARCHAR(200) NOT NULL, 
	student TEXT NOT NULL, 
	source TEXT NOT NULL, 
	recording TEXT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	work_digest VARCHAR(64) NOT NULL, 
	run_digest VARCHAR(64) NOT NULL, 
	engine VARCHAR(60) NOT NULL, 
	rung VARCHAR(20) NOT NULL, 
	recorded_at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES(1,'line','Ana Ñandú','in/ana.ipynb','55-ana','5555','w','r','0.0.9+abc','namespaces','2026-01-01T10:00:00+00:00');
CREATE INDEX runs_by_student ON runs (assignment, student, id);
CREATE INDEX results_by_student ON results (assignment, student, id);
CREATE INDEX results_by_run ON results (run_id);
CREATE INDEX outcomes_by_result ON outcomes (result_id);
CREATE INDEX marks_by_student ON marks (assignment, student, id);
COMMIT;
