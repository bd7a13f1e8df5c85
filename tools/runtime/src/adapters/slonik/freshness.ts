import { sql, type CommonQueryMethods } from 'slonik';
import type { ServiceContract } from '../../contract/service.ts';
import { rows } from './session.ts';

/** How much of a topic a service has consumed. */
export interface Freshness {
  /** Without the namespace. */
  readonly topic: string;
  /** Everything that was published in the topic before this instant is consumed. 1970 if no instant is known yet. */
  readonly asOf: Date;
  /** How many partitions the service has ever read from. */
  readonly partitions: number;
  /** The sum of the first offsets that are not consumed. */
  readonly consumed: bigint;
}

/**
 * How fresh the effects of a service's consumers are, one element per topic that it consumes. Read it in the same
 * snapshot as the data that it describes. `connection` is `slonikOf(read)`, or a transaction of it. An instant does not
 * advance while a partition has no owner, Kafka does not answer, records wait, or a key of the partition is parked.
 */
export async function freshnessOf(
  connection: Pick<CommonQueryMethods, 'any'>,
  { service, consumers }: Pick<ServiceContract, 'service' | 'consumers'>,
): Promise<readonly Freshness[]> {
  const topics = [...new Set(consumers.map(({ message }) => message.topic))].toSorted();
  // the group's name ends with the service's name; the part before it is the namespace, which topics have as well
  return connection.any(
    sql.prepared('atlas_freshness', rows<Freshness>())`
      SELECT t.topic, coalesce(min(f.as_of), 'epoch') AS "asOf", count(f.topic)::integer AS partitions,
        coalesce(sum(f.next_offset), 0)::bigint AS consumed
      FROM unnest(${sql.array(topics, 'text')}) AS t (topic)
      LEFT JOIN atlas_fence f ON right(f.group_id, length(${service}::text)) = ${service}
        AND f.topic = left(f.group_id, -length(${service}::text)) || t.topic
      GROUP BY t.topic ORDER BY t.topic`,
  );
}
