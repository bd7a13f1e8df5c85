import type { System } from '@atlas/ir';

/**
 * A Mermaid flowchart: services, the topics they own, who reads which message, timers as loops, and effects as arrows
 * to the outside.
 */
export function mermaid({ services, topics }: System): string {
  const eventTopics = topics.filter(({ kind }) => kind !== 'dead-letters');
  const lines = [
    'flowchart LR',
    ...services.map(({ name }) => `  ${serviceId(name)}[${label(name)}]`),
    ...eventTopics.map(({ name }) => `  ${topicId(name)}([${label(name)}])`),
    ...services.flatMap(({ name, sends }) =>
      sends.map((message) => `  ${serviceId(name)} -- ${label(message.name)} --> ${topicId(message.topic)}`),
    ),
    ...services.flatMap(({ name, receives }) =>
      receives.map(({ message }) => `  ${topicId(message.topic)} -- ${label(message.name)} --> ${serviceId(name)}`),
    ),
    ...services.flatMap(({ name, timers }) =>
      timers.map((timer) => `  ${serviceId(name)} -. ${label(timer.name)} .-> ${serviceId(name)}`),
    ),
    ...(services.some(({ effects }) => effects.length > 0) ? ['  outside{{"outside"}}'] : []),
    ...services.flatMap(({ name, effects }) =>
      effects.map((effect) => `  ${serviceId(name)} -. ${label(effect.name)} .-> outside`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function serviceId(name: string): string {
  return `service_${name.replaceAll('-', '_')}`;
}

function topicId(name: string): string {
  return `topic_${name.replaceAll(/[^A-Za-z0-9]/g, (char) => `_${char.charCodeAt(0).toString(16)}_`)}`;
}

/** A quoted label, because a spec's text may contain characters that have a meaning in Mermaid. */
function label(text: string): string {
  return `"${text.replaceAll(/[^A-Za-z0-9 ._-]/g, (char) => `#${char.codePointAt(0) ?? 0};`)}"`;
}
