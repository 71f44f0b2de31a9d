/**
 * Over Swagger UI's own style: without its banner, dark to the edges where the reader's system is dark, headings of
 * the wings, parameters beside each other, operators only when asked for, and a log-in of two fields.
 */
export const PAGE_STYLE = `
.swagger-ui .topbar { display: none }
html.dark-mode body { background: inherit }
.swagger-ui h2.tag-group { margin: 32px 0 4px; font: 600 13px sans-serif; letter-spacing: .08em; text-transform: uppercase; opacity: .7 }
.swagger-ui .opblock-tag { font-size: 18px; padding: 6px 12px 6px 6px; margin: 0 }
.swagger-ui .opblock-tag small { padding: 0 10px }
.swagger-ui .parameters-container table.parameters > thead { display: none }
.swagger-ui .parameters-container table.parameters > tbody { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 6px 24px; align-items: start }
.swagger-ui .parameters-container tr { display: block; min-width: 0 }
.swagger-ui .parameters-container td { display: block; width: auto !important; min-width: 0; max-width: none; padding: 0 !important }
.swagger-ui .parameters-container table table, .swagger-ui .parameters-container table table tbody { display: block; margin: 0 }
.swagger-ui .parameters-col_name { display: flex !important; gap: 8px; align-items: baseline; flex-wrap: wrap }
.swagger-ui .parameters-col_name .parameter__in { display: none }
.swagger-ui .parameters-col_name .parameter__name, .swagger-ui .parameters-col_name .parameter__type { padding: 0 }
.swagger-ui .parameters-container .parameters-col_description .markdown p { margin: 0; font-size: 12px }
.swagger-ui .parameters-container .parameters-col_description input, .swagger-ui .parameters-container .parameters-col_description select { margin: 2px 0; padding: 4px 8px; max-width: 100%; width: 100% }
.swagger-ui .parameters-container tr[data-param-in=query][data-param-name*="__"]:not(.open) { display: none }
.swagger-ui .parameters-container .parameters-col_description { margin-bottom: 0 !important }
.swagger-ui .parameters-container table table { border-spacing: 0; border-collapse: collapse; padding: 0 }
.swagger-ui tr.response:is([data-code^="4"], [data-code^="5"]) :is(.model-example, .response-controls, .response-control-media-type) { display: none }
.swagger-ui .responses-inner tr.response > td { padding: 6px 0 }
.swagger-ui .responses-inner .highlight-code > .microlight { max-height: 240px }
.swagger-ui button.operators { border: 0; background: none; padding: 0; font: 11px monospace; color: inherit; opacity: .75; cursor: pointer; text-align: left }
.swagger-ui button.operators::before { content: "▸ " }
.swagger-ui button.operators[aria-expanded=true]::before { content: "▾ " }
.swagger-ui .auth-container label[for=password_type], .swagger-ui .auth-container label[for=password_type] + *, .swagger-ui .auth-container label[for^=client_], .swagger-ui .auth-container label[for^=client_] + *, .swagger-ui .auth-container .scopes, .swagger-ui .modal-ux .scope-def { display: none }
`;
