import { Allow, Equals, IsObject, IsOptional, IsString, MaxLength } from 'class-validator';

/** One message of JSON-RPC 2.0, as far as it is checked here; the library that answers checks the rest. */
export class JsonRpcMessage {
  @Equals('2.0') jsonrpc!: string;
  @Allow() id?: unknown;
  @IsOptional() @IsString() @MaxLength(200) method?: string;
  @IsOptional() @IsObject() params?: object;
}
