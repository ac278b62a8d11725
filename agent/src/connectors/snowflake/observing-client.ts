import { z } from 'zod';
import type { HttpClient, HttpRequest, Sdk } from './sdk.ts';
import { RowType } from './types.ts';

/** What the server says of a result beside its rows, most of which the driver keeps to itself. */
const ResultInfo = z.object({
  rowtype: z.array(RowType),
  statementTypeId: z.number().nullish(),
  parameters: z.array(z.object({ name: z.string(), value: z.unknown() })).nullish(),
  finalDatabaseName: z.string().nullish(),
  finalSchemaName: z.string().nullish(),
  finalRoleName: z.string().nullish(),
  finalWarehouseName: z.string().nullish(),
});
export type ResultInfo = z.infer<typeof ResultInfo>;

/** Keeps what came last, for a connection on which one statement runs at a time. */
export interface Observed {
  result: ResultInfo | undefined;
}

const Answer = z.object({ data: ResultInfo });

/** The driver's own HTTP client, which lets us see its answers, and sends no telemetry. */
export function observingClient(sdk: Sdk, observed: Observed): Sdk['HttpClient'] {
  return class ObservingClient extends sdk.HttpClient implements HttpClient {
    override request(options: HttpRequest): unknown {
      const { url, callback } = options;
      if (new URL(url).pathname === '/telemetry/send') {
        return callback?.(null, { statusCode: 200 }, { success: true, data: null });
      }
      const observe: HttpRequest['callback'] = (error, response, body) => {
        const answer = Answer.safeParse(body);
        if (answer.success) observed.result = answer.data.data;
        return callback?.(error, response, body);
      };
      return super.request({ ...options, callback: observe });
    }
  };
}
