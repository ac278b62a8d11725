/** The part of Emscripten's glue that the guard uses; the package's own types cover only its ready-made instance. */
declare module 'libpg-query/wasm/libpg-query.js' {
  /** Makes a fresh instance each time. */
  function createModule(): Promise<createModule.ParserModule>;
  namespace createModule {
    interface ParserModule {
      _malloc(bytes: number): number;
      _free(pointer: number): void;
      _wasm_parse_query_raw(query: number): number;
      _wasm_free_parse_result(result: number): void;
      lengthBytesUTF8(text: string): number;
      stringToUTF8(text: string, pointer: number, bytes: number): void;
      UTF8ToString(pointer: number): string;
      getValue(pointer: number, type: 'i32'): number;
    }
  }
  export = createModule;
}
