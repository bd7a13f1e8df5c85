-- Approvals, policies, delegations and the audit chain. What was asked, decided or proposed never changes once it is
-- written: the role of the service may update only the columns of progress, and it may delete nothing.

CREATE TABLE policy (
  policy_id text PRIMARY KEY CHECK (policy_id ~ '^[a-z]+$'),
  subject_type text NOT NULL UNIQUE CHECK (subject_type IN ('ORDER', 'REFUND', 'ADJUSTMENT', 'JOURNAL'))
);
COMMENT ON TABLE policy IS 'One policy per type of subject.';

CREATE TABLE policy_version (
  policy_id text NOT NULL REFERENCES policy,
  version bigint NOT NULL CHECK (version >= 1),
  rules jsonb NOT NULL CHECK (jsonb_typeof(rules) = 'array'),
  proposed_by text NOT NULL CHECK (proposed_by <> ''),
  proposed_at timestamptz NOT NULL,
  confirmed_by text,
  confirmed_at timestamptz,
  PRIMARY KEY (policy_id, version),
  CONSTRAINT confirmed_by_somebody CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
  CONSTRAINT four_eyes CHECK (version = 1 OR confirmed_by <> proposed_by)
);
COMMENT ON TABLE policy_version IS 'The highest confirmed version is in force. Version 1 comes with the release.';
COMMENT ON COLUMN policy_version.rules IS 'In sequence; the first that matches by currency and amount wins.';

INSERT INTO policy VALUES ('order', 'ORDER'), ('refund', 'REFUND'), ('adjustment', 'ADJUSTMENT'), ('journal', 'JOURNAL');

-- Two days, and from the second one on finance may decide, too. Stock is held for seven days.
WITH one_approver AS (
  SELECT '[{"quorum": 1, "role": "approver", "deadlineSeconds": 172800,
            "escalation": {"afterSeconds": 86400, "role": "finance"}}]'::jsonb AS steps
), defaults AS (
  SELECT policy_id, CASE policy_id
    -- up to 1,000.00 nobody is asked
    WHEN 'order' THEN jsonb_build_array(
      '{"currencies": ["EUR", "USD", "GBP", "CHF"], "upTo": 100000, "steps": []}'::jsonb,
      jsonb_build_object('steps', steps))
    ELSE jsonb_build_array(jsonb_build_object('steps', steps))
  END AS rules FROM policy, one_approver
)
INSERT INTO policy_version (policy_id, version, rules, proposed_by, proposed_at, confirmed_by, confirmed_at)
SELECT policy_id, 1, rules, 'atlas', now(), 'atlas', now() FROM defaults;

CREATE TABLE approval (
  approval_id uuid PRIMARY KEY,
  version bigint NOT NULL CHECK (version >= 1),
  state text NOT NULL CHECK (state IN ('PENDING', 'APPROVED', 'REJECTED', 'EXPIRED', 'CANCELLED')),
  subject_type text NOT NULL CHECK (subject_type IN ('ORDER', 'REFUND', 'ADJUSTMENT', 'JOURNAL')),
  subject_id uuid NOT NULL,
  subject_version bigint NOT NULL CHECK (subject_version >= 1),
  digest text NOT NULL CHECK (digest <> ''),
  requester_id text NOT NULL CHECK (requester_id <> ''),
  amount bigint NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991),
  currency text CHECK (currency ~ '^[A-Z]{3}$'),
  details jsonb NOT NULL CHECK (jsonb_typeof(details) = 'object'),
  policy_id text NOT NULL,
  policy_version bigint NOT NULL,
  steps jsonb NOT NULL CHECK (jsonb_typeof(steps) = 'array'),
  requested_at timestamptz NOT NULL,
  step integer CHECK (step BETWEEN 1 AND jsonb_array_length(steps)),
  due_at timestamptz,
  escalates_at timestamptz,
  escalated boolean NOT NULL DEFAULT false,
  assignees text[] CHECK (cardinality(assignees) >= 1),
  ended_at timestamptz,
  FOREIGN KEY (policy_id, policy_version) REFERENCES policy_version,
  UNIQUE (subject_type, subject_id, subject_version),
  CONSTRAINT pending_until_it_ends CHECK (
    (state = 'PENDING') = (ended_at IS NULL) AND (state = 'PENDING') = (step IS NOT NULL)
    AND (step IS NULL) = (due_at IS NULL)
  )
);
COMMENT ON TABLE approval IS 'One row per version of a subject; also of those that the policy asks nobody about.';
COMMENT ON COLUMN approval.version IS '1 for a new request, one more with each committed change; the ETag.';
COMMENT ON COLUMN approval.amount IS 'In the minor unit of the currency (ISO 4217), or a quantity if there is none.';
COMMENT ON COLUMN approval.details IS 'What else the owner says about the subject, for the people who decide.';
COMMENT ON COLUMN approval.steps IS 'A copy of the rule''s steps, so that no later policy touches them. None if nobody is asked.';
COMMENT ON COLUMN approval.step IS 'The active step, from 1.';
COMMENT ON COLUMN approval.assignees IS 'Who alone may decide the active step in its own role. NULL is everybody who has the role.';
CREATE INDEX ON approval (approval_id) WHERE state = 'PENDING';
CREATE INDEX ON approval (requester_id, approval_id);

CREATE TABLE delegation (
  delegation_id uuid PRIMARY KEY,
  delegator_id text NOT NULL CHECK (delegator_id <> ''),
  delegate_id text NOT NULL CHECK (delegate_id <> ''),
  roles text[] NOT NULL CHECK (cardinality(roles) >= 1),
  reason text,
  created_at timestamptz NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
  revoked_at timestamptz,
  revoked_by text,
  CONSTRAINT revoked_by_somebody CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
  CONSTRAINT to_somebody_else CHECK (delegator_id <> delegate_id)
);
COMMENT ON COLUMN delegation.roles IS 'Those of the delegator that decide, as their token said when they delegated.';
COMMENT ON COLUMN delegation.ends_at IS 'The first instant at which it does not hold any more.';
CREATE INDEX ON delegation (delegator_id, delegate_id);
CREATE INDEX ON delegation (delegate_id);

CREATE TABLE audit_entry (
  seq bigint PRIMARY KEY CHECK (seq >= 1),
  facts text NOT NULL,
  hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$')
);
COMMENT ON TABLE audit_entry IS 'Append-only. What people did. The hash of an entry is SHA-256 of the hash before it, a line feed, and its facts.';

CREATE TABLE audit_head (
  is_the_only_one boolean PRIMARY KEY DEFAULT true CHECK (is_the_only_one),
  seq bigint NOT NULL,
  hash text NOT NULL
);
COMMENT ON TABLE audit_head IS 'The last entry of the chain. Whoever appends locks this row.';
INSERT INTO audit_head (seq, hash) VALUES (0, repeat('0', 64));

CREATE TABLE decision (
  approval_id uuid NOT NULL REFERENCES approval,
  position integer NOT NULL CHECK (position >= 1),
  step integer NOT NULL CHECK (step >= 1),
  verdict text NOT NULL CHECK (verdict IN ('APPROVE', 'REJECT')),
  actor_id text NOT NULL CHECK (actor_id <> ''),
  on_behalf_of text,
  delegation_id uuid REFERENCES delegation,
  role text NOT NULL CHECK (role IN ('approver', 'finance')),
  comment text,
  subject_version bigint NOT NULL,
  digest text NOT NULL,
  decided_at timestamptz NOT NULL,
  audit_seq bigint NOT NULL UNIQUE REFERENCES audit_entry,
  PRIMARY KEY (approval_id, position),
  UNIQUE (approval_id, actor_id),
  UNIQUE (approval_id, on_behalf_of),
  CONSTRAINT in_a_name_by_delegation CHECK ((on_behalf_of IS NULL) = (delegation_id IS NULL)),
  CONSTRAINT in_the_name_of_another CHECK (on_behalf_of <> actor_id)
);
COMMENT ON TABLE decision IS 'Append-only. Each entry is in the audit chain, too.';
COMMENT ON COLUMN decision.digest IS 'That of the version that the person saw.';
CREATE INDEX ON decision (actor_id);
CREATE INDEX ON decision (on_behalf_of);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'workflow_app') THEN
    REVOKE ALL ON policy, policy_version, approval, delegation, audit_entry, audit_head, decision FROM workflow_app;
    GRANT SELECT ON policy TO workflow_app;
    GRANT SELECT, INSERT ON policy_version, approval, delegation, audit_entry, decision TO workflow_app;
    GRANT UPDATE (confirmed_by, confirmed_at) ON policy_version TO workflow_app;
    GRANT UPDATE (version, state, step, due_at, escalates_at, escalated, assignees, ended_at) ON approval TO workflow_app;
    GRANT UPDATE (revoked_at, revoked_by) ON delegation TO workflow_app;
    GRANT SELECT, UPDATE (seq, hash) ON audit_head TO workflow_app;
  END IF;
END
$$;
