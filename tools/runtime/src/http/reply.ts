/** A response that is ready to be sent or stored. */
export interface Reply {
  readonly status: number;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Serialised. Undefined if the response has no content. */
  readonly body: string | undefined;
}

/** A response whose text is made while it is sent. */
export interface StreamedReply extends Omit<Reply, 'body'> {
  readonly chunks: AsyncIterable<string>;
}
