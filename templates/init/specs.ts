import { code, type Code, ident, lit, pascal } from '@atlas/ir';
import { spellings, type NewService } from './newService.ts';

/** The OpenAPI document: a command that opens an aggregate, one that closes it, and a query. */
export function openapi({ name, one, many }: NewService): Code {
  const title = spellings(name).Pascal;
  const { camel, Pascal, kebab, words } = one;
  return code`openapi: 3.1.0
info:
  title: ${title}
  version: 1.0.0
  x-atlas-owner: team-${spellings(name).kebab}
  description: >-
    Opens and closes ${many.words}. There is at most one per subject, and it is never opened again.
tags:
  - { name: ${Pascal}, description: The ${words} and its commands. }
paths:
  /v1/${many.kebab}:
    post:
      operationId: open${Pascal}
      summary: Open a new ${words}.
      description: The subject is what it is about. A second one with the same subject is refused.
      tags: [${Pascal}]
      security: [{ keycloak: [ops] }]
      parameters:
        - { $ref: './common.yaml#/components/parameters/IdempotencyKey' }
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/New${Pascal}' }
      responses:
        '201':
          description: Opened.
          headers:
            ETag: { $ref: './common.yaml#/components/headers/ETag' }
            Location: { $ref: './common.yaml#/components/headers/Location' }
            Atlas-Version: { $ref: './common.yaml#/components/headers/AtlasVersion' }
            Idempotency-Replayed: { $ref: './common.yaml#/components/headers/IdempotencyReplayed' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/${Pascal}' }
          x-atlas-emits: [${Pascal}Opened]
        '400': { $ref: './common.yaml#/components/responses/BadRequest' }
        '401': { $ref: './common.yaml#/components/responses/Unauthorized' }
        '403': { $ref: './common.yaml#/components/responses/Forbidden' }
        '409':
          description: The subject already has one, or a request with this Idempotency-Key is being answered right now.
          headers:
            Retry-After: { $ref: './common.yaml#/components/headers/RetryAfter' }
            Idempotency-Replayed: { $ref: './common.yaml#/components/headers/IdempotencyReplayed' }
          content:
            application/problem+json:
              schema:
                allOf:
                  - { $ref: './common.yaml#/components/schemas/Problem' }
                  - properties: { code: { enum: [${kebab}-exists, request-in-flight] } }
        '413': { $ref: './common.yaml#/components/responses/BodyTooLarge' }
        '415': { $ref: './common.yaml#/components/responses/UnsupportedMediaType' }
        '422': { $ref: './common.yaml#/components/responses/KeyReused' }
        '500': { $ref: './common.yaml#/components/responses/Internal' }
        '503': { $ref: './common.yaml#/components/responses/Unavailable' }
        default: { $ref: './common.yaml#/components/responses/Refused' }
  /v1/${many.kebab}/{${camel}Id}:
    parameters:
      - { $ref: '#/components/parameters/${Pascal}Id' }
    get:
      operationId: get${Pascal}
      summary: Read one ${words}.
      description: Its subject and its state.
      tags: [${Pascal}]
      security: [{ keycloak: [ops] }, { keycloak: [admin] }]
      responses:
        '200':
          description: What is stored.
          headers:
            ETag: { $ref: './common.yaml#/components/headers/ETag' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/${Pascal}' }
        '304': { $ref: './common.yaml#/components/responses/NotModified' }
        '400': { $ref: './common.yaml#/components/responses/BadRequest' }
        '401': { $ref: './common.yaml#/components/responses/Unauthorized' }
        '403': { $ref: './common.yaml#/components/responses/Forbidden' }
        '404': { $ref: '#/components/responses/${Pascal}NotFound' }
        '500': { $ref: './common.yaml#/components/responses/Internal' }
        '503': { $ref: './common.yaml#/components/responses/Unavailable' }
        default: { $ref: './common.yaml#/components/responses/Refused' }
  /v1/${many.kebab}/{${camel}Id}/close:
    parameters:
      - { $ref: '#/components/parameters/${Pascal}Id' }
    post:
      operationId: close${Pascal}
      summary: Close one ${words} for good.
      description: Closes the version that If-Match names. It cannot be opened again.
      tags: [${Pascal}]
      security: [{ keycloak: [ops] }]
      parameters:
        - { $ref: './common.yaml#/components/parameters/IdempotencyKey' }
        - { $ref: './common.yaml#/components/parameters/IfMatch' }
      responses:
        '200':
          description: Closed.
          headers:
            ETag: { $ref: './common.yaml#/components/headers/ETag' }
            Atlas-Version: { $ref: './common.yaml#/components/headers/AtlasVersion' }
            Idempotency-Replayed: { $ref: './common.yaml#/components/headers/IdempotencyReplayed' }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/${Pascal}' }
          x-atlas-emits: [${Pascal}Closed]
        '400': { $ref: './common.yaml#/components/responses/BadRequest' }
        '401': { $ref: './common.yaml#/components/responses/Unauthorized' }
        '403': { $ref: './common.yaml#/components/responses/Forbidden' }
        '404': { $ref: '#/components/responses/${Pascal}NotFound' }
        '409':
          description: It is not open any more, or a request with this Idempotency-Key is being answered right now.
          headers:
            Retry-After: { $ref: './common.yaml#/components/headers/RetryAfter' }
            Idempotency-Replayed: { $ref: './common.yaml#/components/headers/IdempotencyReplayed' }
          content:
            application/problem+json:
              schema:
                allOf:
                  - { $ref: './common.yaml#/components/schemas/Problem' }
                  - properties: { code: { enum: [${kebab}-not-open, request-in-flight] } }
        '412': { $ref: './common.yaml#/components/responses/PreconditionFailed' }
        '422': { $ref: './common.yaml#/components/responses/KeyReused' }
        '428': { $ref: './common.yaml#/components/responses/PreconditionRequired' }
        '500': { $ref: './common.yaml#/components/responses/Internal' }
        '503': { $ref: './common.yaml#/components/responses/Unavailable' }
        default: { $ref: './common.yaml#/components/responses/Refused' }
components:
  securitySchemes:
    keycloak: { $ref: './common.yaml#/components/securitySchemes/keycloak' }
  parameters:
    ${Pascal}Id:
      name: ${camel}Id
      in: path
      required: true
      description: The id that open${Pascal} gave.
      schema: { $ref: './common.yaml#/components/schemas/Id' }
  responses:
    ${Pascal}NotFound:
      description: There is none with this id.
      headers:
        Idempotency-Replayed: { $ref: './common.yaml#/components/headers/IdempotencyReplayed' }
      content:
        application/problem+json:
          schema:
            allOf:
              - { $ref: './common.yaml#/components/schemas/Problem' }
              - properties: { code: { enum: [${kebab}-not-found] } }
  schemas:
    New${Pascal}:
      type: object
      additionalProperties: false
      required: [subject]
      properties:
        subject: { type: string, minLength: 1, maxLength: 200, description: What it is about. }
      examples: [{ subject: first }]
    ${Pascal}:
      type: object
      required: [${camel}Id, subject, state, openedBy, openedAt]
      properties:
        ${camel}Id: { $ref: './common.yaml#/components/schemas/Id' }
        subject: { type: string, description: What it is about. }
        state: { type: string, enum: [OPEN, CLOSED] }
        openedBy: { type: string, description: Who opened it. }
        openedAt: { $ref: './common.yaml#/components/schemas/Instant' }
        closedAt: { $ref: './common.yaml#/components/schemas/Instant' }
`;
}

/** The AsyncAPI document: one topic with two messages, and one message of another service that it reads. */
export function asyncapi({ name, one, many, reads }: NewService): Code {
  const service = spellings(name);
  const { camel, Pascal, words } = one;
  const payload = (message: Code): Code => code`traits: [{ $ref: './common.yaml#/components/messageTraits/CloudEvent' }]
correlationId: { location: '$message.header#/ce_correlationid' }
payload:
  schemaFormat: application/vnd.apache.avro;version=1.12.0
  schema: { $ref: '../avro/${service.kebab}/${message}.avsc' }`;
  return code`asyncapi: 3.0.0
info:
  title: ${service.Pascal}
  version: 1.0.0
  x-atlas-owner: team-${service.kebab}
  description: The events of ${many.words}.
channels:
  ${many.camel}:
    address: atlas.${service.kebab}.${one.kebab}.v1
    description: The events of each ${words}, in their sequence.
    x-atlas-key: $message.payload#/${camel}Id
    bindings:
      kafka:
        partitions: 3
        replicas: 1
        topicConfiguration: { cleanup.policy: [delete], retention.ms: -1 }
        bindingVersion: 0.5.0
    messages:
      ${Pascal}Opened: { $ref: '#/components/messages/${Pascal}Opened' }
      ${Pascal}Closed: { $ref: '#/components/messages/${Pascal}Closed' }
  ${reads && code`read: { $ref: ${lit(reads.channel)} }`}
operations:
  send${many.Pascal}:
    action: send
    summary: Say that one was opened or closed.
    channel: { $ref: '#/channels/${many.camel}' }
    messages:
      - { $ref: '#/channels/${many.camel}/messages/${Pascal}Opened' }
      - { $ref: '#/channels/${many.camel}/messages/${Pascal}Closed' }
  ${
    reads &&
    code`open${Pascal}For${ident(pascal(reads.message.name))}:
  action: receive
  summary: Open one for the subject of the event, unless it has one.
  channel: { $ref: '#/channels/read' }
  messages: [{ $ref: ${lit(`#/channels/read/messages/${pointerPart(reads.message.name)}`)} }]
  x-atlas-emits: [[${Pascal}Opened], []]`
  }
components:
  messages:
    ${Pascal}Opened:
      summary: A new ${words} was opened.
      ${payload(code`${Pascal}Opened`)}
    ${Pascal}Closed:
      summary: One ${words} was closed for good.
      ${payload(code`${Pascal}Closed`)}
`;
}

/** The Avro schema of one of the two messages. */
export function avsc({ name, one, many }: NewService, kind: 'Opened' | 'Closed'): string {
  const { camel, Pascal } = one;
  const micros = { type: 'long', logicalType: 'timestamp-micros' };
  const own =
    kind === 'Opened'
      ? [
          { name: 'subject', type: 'string', doc: 'What it is about.' },
          { name: 'openedBy', type: 'string', doc: 'Who opened it.' },
          { name: 'openedAt', type: micros, doc: 'When.' },
        ]
      : [{ name: 'closedAt', type: micros, doc: 'When.' }];
  const schema = {
    type: 'record',
    name: `${Pascal.text}${kind}`,
    namespace: `atlas.${spellings(name).snake.text}`,
    doc: `One of the ${many.words.text} was ${kind.toLowerCase()}.`,
    fields: [
      { name: `${camel.text}Id`, type: { type: 'string', logicalType: 'uuid' }, doc: 'Which one.' },
      { name: 'version', type: 'long', doc: 'Its version after this change.' },
      ...own,
    ],
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** A name as a part of a JSON pointer in a reference. Names of messages are identifiers, so nothing needs escaping. */
function pointerPart(name: string): string {
  return ident(name).text;
}
