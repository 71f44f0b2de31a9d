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
.swagger-ui .parameters-container table.parameters > tbody { display: grid; grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); gap: 6px 24px; align-items: start }
.swagger-ui .parameters-container tr { display: block; min-width: 0 }
.swagger-ui .parameters-container td { display: block; width: auto !important; min-width: 0; max-width: none; padding: 0 !important }
.swagger-ui .parameters-container table table, .swagger-ui .parameters-container table table tbody { display: block; margin: 0 }
.swagger-ui .parameters-col_name { display: flex !important; gap: 8px; align-items: baseline; flex-wrap: wrap }
.swagger-ui .parameters-col_name .parameter__in { display: none }
.swagger-ui .parameters-col_name .parameter__name, .swagger-ui .parameters-col_name .parameter__type { padding: 0 }
.swagger-ui .parameters-container .parameters-col_description :is(.markdown, .renderedMarkdown) p { margin: 0; font-size: 12px }
.swagger-ui .parameters-container .parameters-col_description input, .swagger-ui .parameters-container .parameters-col_description select { margin: 2px 0; padding: 4px 8px; max-width: 100%; width: 100% }
.swagger-ui .parameters-container .parameters-col_description { margin-bottom: 0 !important }
.swagger-ui .parameters-container table table { border-spacing: 0; border-collapse: collapse; padding: 0 }
.swagger-ui .responses-inner tr.response > td { padding: 4px 0 }
.swagger-ui .responses-inner tr.response :is(.markdown, .renderedMarkdown) p { margin: 0; font-size: 14px }
.swagger-ui .response-col_links, .swagger-ui .responses-table:not(.live-responses-table) > thead, .swagger-ui .response-controls:not(:has(option + option)) { display: none }
.swagger-ui .opblock-description-wrapper, .swagger-ui .opblock .opblock-description { padding: 8px 20px; margin: 0 }
.swagger-ui :is(.opblock-description, .opblock-description-wrapper) p { margin: 4px 0 }
.swagger-ui .opblock-description td { padding: 2px 20px 2px 0 }
.swagger-ui textarea.body-param__text { min-height: 90px; field-sizing: content }
.swagger-ui .filter input[type=search].operation-filter-input { margin: 20px 0; padding: 10px; width: 100%; border: 2px solid #d8dde7; border-radius: 4px; background: inherit; color: inherit }
.swagger-ui .responses-inner .highlight-code > .microlight { max-height: 240px }
.swagger-ui button.operators { border: 0; background: none; padding: 0; font: 11px monospace; color: inherit; opacity: .75; cursor: pointer; text-align: left }
.swagger-ui button.operators::before { content: "▸ " }
.swagger-ui button.operators[aria-expanded=true]::before { content: "▾ " }
.swagger-ui .auth-container label[for=password_type], .swagger-ui .auth-container label[for=password_type] + *, .swagger-ui .auth-container label[for^=client_], .swagger-ui .auth-container label[for^=client_] + *, .swagger-ui .auth-container .scopes, .swagger-ui .modal-ux .scope-def, .swagger-ui .auth-container p:has(> code):not(.markdown *, .renderedMarkdown *), .swagger-ui .auth-container p.flow { display: none }
.swagger-ui .modal-ux .renderedMarkdown :is(p, li) { font-size: 12px }
.swagger-ui .auth-container label[for=oauth_username] { font-size: 0 }
.swagger-ui .auth-container label[for=oauth_username]::before { content: "email:"; font-size: 12px }
`;
