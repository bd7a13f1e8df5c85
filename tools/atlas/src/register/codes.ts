import type { CodeInfo } from '../diagnostics/diagnostic.ts';

/** Codes of registering (ATL8xxx): the registry or the broker disagrees with the specs. */
export const registerCodes: readonly CodeInfo[] = [
  {
    code: 'ATL8001',
    title: 'different number of partitions',
    explain: {
      why: 'The partition of a key depends on the number of partitions. With a different number, new events of a key would go to another partition and lose their order. Copy the topic to a new address instead.',
      bad: 'bindings: { kafka: { partitions: 6 } } # the topic has 3',
      good: 'address: boxoffice.tickets.booking.v2',
    },
  },
  {
    code: 'ATL8002',
    title: 'different topic settings',
    explain: {
      why: 'The retention, compaction, compression or replicas of the topic differ from the spec. compression.type is producer if the spec does not set it. Atlas creates topics and never changes them, because a change of the retention may delete events.',
      bad: 'topicConfiguration: { retention.ms: 3600000 } # the topic keeps events forever',
      good: 'topicConfiguration: { retention.ms: -1 }',
    },
  },
  {
    code: 'ATL8003',
    title: 'incompatible schema',
    explain: {
      why: 'Every reader must be able to read all events that were ever written (BACKWARD_TRANSITIVE). A new field needs a default, and a type may only be widened. The scale of a decimal and the unit of a time stay.',
      bad: '{ "name": "seats", "type": "int" } # new, without a default',
      good: '{ "name": "seats", "type": "int", "default": 1 }',
    },
  },
  {
    code: 'ATL8004',
    title: 'schema refused by the registry',
    explain: {
      why: 'The registry does not accept the schema as valid Avro. Atlas checks against version 1.12 of the specification, and an older registry may not support all of it.',
    },
  },
  {
    code: 'ATL8005',
    title: 'topic refused by the broker',
    explain: {
      why: 'The broker cannot create the topic as the spec describes it. For example, the topic has more replicas than there are brokers, or a setting that the broker does not know.',
      bad: 'bindings: { kafka: { replicas: 3 } } # on one broker',
      good: 'bindings: { kafka: { replicas: 1 } }',
    },
  },
  {
    code: 'ATL8006',
    title: 'schema that running readers cannot read',
    explain: {
      why: 'Services that run now read with the last registered version. If they cannot read what the new schema writes, each event becomes a dead letter. First register a version in which the field has a default (or the enum a default), deploy the readers, and then remove the field or add the symbol. Another type, scale or unit needs a second field with a default beside the first. Or choose a new address for the topic.',
      bad: 'a field without a default is removed',
      good: 'the field gets a default in one version and is removed in the next',
    },
  },
  {
    code: 'ATL8007',
    title: 'new record beside one that is no longer sent',
    explain: {
      why: 'A subject consists of topic and record, and consumers find their handler by the name of the record. So a record with a new name is another event, and readers of the old one ignore it without an error. If the event was renamed, send both records until the readers have moved. If the old event ended and the new one is another event, nothing needs to be done.',
      bad: '"name": "BookingTaken" # was BookingMade',
      good: 'messages: { BookingMade: ..., BookingTaken: ... }',
    },
  },
  {
    code: 'ATL8008',
    title: 'registered schema that Atlas cannot read',
    explain: {
      why: 'Another program registered a version that Atlas refuses in a spec, such as a fixed of more than 1 MB. Atlas cannot compare the new schema with it, so only the registry does. The registry ignores scales of decimals and units of times.',
    },
  },
];
