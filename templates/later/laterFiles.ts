import {
  code,
  EXTENSION,
  ident,
  join,
  lit,
  type Code,
  type Effect,
  type Loc,
  type Payload,
  type Service,
  type Timer,
} from '@atlas/ir';
import { followUpsOf } from '../emits.ts';
import { codecFile } from '../events/codec/codecFile.ts';
import { payloadTypes } from '../events/messageFile.ts';
import { effectsFile, timersFile } from '../handlerTables.ts';
import { contractName } from '../names.ts';
import { placeOf } from '../events/sources.ts';
import { effectFile } from './effectFile.ts';
import { timerFile } from './timerFile.ts';

/** One file below timers/ or effects/, whose text is written when it is asked for. */
export interface LaterFile {
  /** The path below the service's folder. */
  readonly path: string;
  readonly loc: Loc;
  /** The place that its header names, if that is not `loc`. */
  readonly source?: string;
  /** The text without its header, not formatted. */
  readonly body: () => Code;
}

/** Every file below timers/ and effects/. */
export function laterFiles(service: Service): readonly LaterFile[] {
  const { timers, effects } = service;
  const follows = followUpsOf(service);
  const loc = service.asyncapi?.loc ?? service.loc;
  return [
    ...timers.flatMap((timer) => [
      { path: `timers/${timer.handler}.ts`, loc: timer.loc, body: () => timerFile(timer, follows) },
      ...payloadFiles('timers', timer.payload),
    ]),
    ...effects.flatMap((effect) => [
      { path: `effects/${effect.name}.ts`, loc: effect.loc, body: () => effectFile(effect, follows) },
      ...payloadFiles('effects', effect.payload),
      ...payloadFiles('effects', effect.outcome),
    ]),
    ...(timers.length > 0
      ? [
          {
            path: 'timers/changes.ts',
            loc,
            source: placeOf(service, EXTENSION.timers),
            body: () => changesFile(timers),
          },
          {
            path: 'timers/timers.ts',
            loc,
            source: placeOf(service, EXTENSION.timers),
            body: () => timersFile(service),
          },
        ]
      : []),
    ...(effects.length > 0
      ? [
          {
            path: 'effects/starts.ts',
            loc,
            source: placeOf(service, EXTENSION.effects),
            body: () => startsFile(effects),
          },
          {
            path: 'effects/effects.ts',
            loc,
            source: placeOf(service, EXTENSION.effects),
            body: () => effectsFile(service),
          },
        ]
      : []),
  ];
}

function payloadFiles(folder: string, payload: Payload): readonly LaterFile[] {
  const { name, loc } = payload;
  return [
    { path: `${folder}/${name}.ts`, loc, body: () => payloadFile(payload) },
    {
      path: `${folder}/${name}.codec.ts`,
      loc,
      body: () =>
        codecFile(
          payload,
          code`The database keeps this text, so that code with another version of the schema can read a payload.`,
        ),
    },
  ];
}

/** <Payload>.ts: the types of a payload, and its schema as data. */
function payloadFile(payload: Payload): Code {
  return code`
    import type { PayloadContract } from '@atlas/runtime';
    import { codec, schema } from ${lit(`./${payload.name}.codec.ts`)};

    ${payloadTypes(payload)}

    export const ${contractName(payload)}: PayloadContract<${ident(payload.name)}> = {
      type: ${lit(payload.avro.name)},
      schema,
      fingerprint: ${lit(payload.fingerprint)},
      codec,
    };
  `;
}

/** timers/changes.ts: the changes that a handler may make to timers. */
function changesFile(timers: readonly Timer[]): Code {
  const members = timers.flatMap(({ name, payload }) => [
    code`SetTimer<${lit(name)}, ${ident(payload.name)}>`,
    code`CancelTimer<${lit(name)}>`,
  ]);
  return code`
    import type { CancelTimer, SetTimer } from '@atlas/runtime';
    ${timers.map(({ payload }) => importOf(payload))}

    /** The changes that a handler may make to the timers of the service. */
    export type TimerChange = ${join(members, ' | ')};
  `;
}

/** effects/starts.ts: the effects that a handler may start. */
function startsFile(effects: readonly Effect[]): Code {
  const members = effects.map(({ name, payload }) => code`StartEffect<${lit(name)}, ${ident(payload.name)}>`);
  return code`
    import type { StartEffect } from '@atlas/runtime';
    ${effects.map(({ payload }) => importOf(payload))}

    /** The effects that a handler may start. */
    export type EffectStart = ${join(members, ' | ')};
  `;
}

function importOf({ name }: Payload): Code {
  return code`import type { ${ident(name)} } from ${lit(`./${name}.ts`)};`;
}
