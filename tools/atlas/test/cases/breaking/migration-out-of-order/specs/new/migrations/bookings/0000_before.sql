CREATE TABLE early ();
