import type { CodeInfo } from '../diagnostics/diagnostic.ts';

/** Codes of registering: what registry and broker say to the specs. */
export const registerCodes: readonly CodeInfo[] = [
  {
    code: 'ATL8001',
    title: 'a topic that has another number of partitions',
    explain: {
      why: 'The partition of a key depends on their number: with another one, the events of a key would go on in another partition and lose their order. Copy such a topic to a new address instead.',
      bad: 'bindings: { kafka: { partitions: 6 } } # the topic has 3',
      good: 'address: boxoffice.tickets.booking.v2',
    },
  },
  {
    code: 'ATL8002',
    title: 'a topic that is set up otherwise',
    explain: {
      why: 'What the spec says of retention, compaction or replicas is not what the broker has. Atlas creates topics and changes none, for a changed retention may delete events.',
      bad: 'topicConfiguration: { retention.ms: 3600000 } # the topic keeps events for ever',
      good: 'topicConfiguration: { retention.ms: -1 }',
    },
  },
  {
    code: 'ATL8003',
    title: 'a schema that can not read older events',
    explain: {
      why: 'Every reader must be able to read all that was ever written (BACKWARD_TRANSITIVE). A new field needs a default; a field may go; a type may only be widened.',
      bad: '{ "name": "seats", "type": "int" } # new, without a default',
      good: '{ "name": "seats", "type": "int", "default": 1 }',
    },
  },
  {
    code: 'ATL8004',
    title: 'a schema that the registry refuses',
    explain: {
      why: 'The registry does not take the schema for valid Avro. Atlas checks by version 1.12 of the specification; an older registry may know less.',
    },
  },
  {
    code: 'ATL8005',
    title: 'a topic that the broker refuses',
    explain: {
      why: 'The broker would not create the topic as the spec has it: more replicas than there are brokers, say, or a setting it does not know.',
      bad: 'bindings: { kafka: { replicas: 3 } } # on one broker',
      good: 'bindings: { kafka: { replicas: 1 } }',
    },
  },
];
