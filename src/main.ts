import { keepCompiled } from './compile-cache.js';

keepCompiled();
const { serve } = await import('./serve.js');
await serve();
