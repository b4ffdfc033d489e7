/* page.c - the page: head, pictures with their buttons, curves, and the sections below. */
#include "render/page.h"

#include <string.h>

#include "render/chart.h"
#include "render/page_parts.h"
#include "render/words.h"

static const char style[] =
    "body{font:15px/1.45 'Helvetica Neue',Helvetica,Arial,'Liberation Sans','Noto "
    "Sans',sans-serif;color:#1f2933;background:#fff;"
    "max-width:1320px;margin:0 auto;padding:24px}"
    "h1{font-size:26px;margin:0 0 4px}h2{font-size:19px;margin:36px 0 10px}h3{font-size:15px;margin:18px 0 6px}"
    "p{margin:4px 0}.soft,dt{color:#52606d}.claim{font-size:17px;max-width:60em}"
    "dl{display:flex;flex-wrap:wrap;gap:2px 22px;font-size:13px;margin:10px 0}dl div{display:flex;gap:6px}dd{margin:0;"
    "overflow-wrap:anywhere}"
    ".wide{overflow-x:auto}svg{max-width:100%;height:auto;display:block}"
    ".steps{position:sticky;top:0;background:#fffffff2;padding:8px 0;display:none;gap:8px}.live .steps{display:flex}"
    ".steps button{font:inherit;padding:5px 16px;border:1px solid "
    "#9aa5b1;border-radius:16px;background:#fff;cursor:pointer}"
    ".steps button[aria-pressed=true]{background:#1f2933;color:#fff}"
    ".live .moment{display:none}.live .moment.on{display:block}"
    "table{border-collapse:collapse;font-size:13.5px;min-width:50%}th,td{text-align:left;padding:5px 12px 5px "
    "6px;border-bottom:1px "
    "solid "
    "#e4e9ee;vertical-align:top}th{color:#52606d;font-weight:600;white-space:nowrap}.n{text-align:right;white-space:"
    "nowrap;"
    "font-variant-numeric:tabular-nums}"
    "tr.good td:first-child{border-left:5px solid #1768ac}tr.bad td:first-child{border-left:5px solid #c81e1e}"
    "tr.open td:first-child{border-left:5px solid #9a5b00}tr.sum td{font-weight:600}"
    "td.yes{color:#0f5c9c}td.no{color:#9b1313}"
    "summary{cursor:pointer;padding:4px 0}pre{background:#f5f7fa;padding:12px;overflow-x:auto;font-size:13px}"
    "@media print{.steps{display:none!important}.live "
    ".moment{display:block}body{max-width:none;padding:0}h2{break-after:avoid}"
    "svg,tr{break-inside:avoid}}";

/* Buttons and arrow keys step through the moments. Without a script all of them stand one below the other. */
static const char script[] =
    "(function(){var m=[].slice.call(document.querySelectorAll('.moment')),s=document.querySelector('.steps'),b=[],k=0;"
    "if(m.length<2)return;document.body.classList.add('live');"
    "function show(i){k=(i+m.length)%m.length;m.forEach(function(e,j){e.classList.toggle('on',j===k);"
    "b[j].setAttribute('aria-pressed',j===k)})}"
    "m.forEach(function(e,j){var x=document.createElement('button');x.textContent=e.getAttribute('data-name');"
    "x.onclick=function(){show(j)};b.push(x);s.appendChild(x)});"
    "document.addEventListener('keydown',function(e){if(e.altKey||e.ctrlKey||e.metaKey)return;"
    "if(e.key==='ArrowRight')show(k+1);if(e.key==='ArrowLeft')show(k-1)});"
    "show(m.length>2?1:0)})()";

/* The hash by which the policy lets exactly this script run. */
static char *script_hash(void) {
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize length = sizeof digest;
    g_checksum_update(sum, (const guchar *)script, (gssize)strlen(script));
    g_checksum_get_digest(sum, digest, &length);
    g_checksum_free(sum);
    return g_base64_encode(digest, length);
}

static void write_head(Page *page) {
    char *hash = script_hash();
    page_raw(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    g_string_append_printf(
        page->out,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        "script-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">\n",
        hash);
    page_raw(page, "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    page_text(page, words_title(page->document));
    page_raw(page, " - faultline</title>\n<style>");
    page_raw(page, style);
    page_raw(page, "</style>\n</head>\n<body>\n");
    g_free(hash);
}

static void manifest_entry(Page *page, const char *name, const char *value) {
    if (value == NULL)
        return;
    page_raw(page, "<div><dt>");
    page_text(page, name);
    page_raw(page, "</dt><dd>");
    page_text(page, value);
    page_raw(page, "</dd></div>");
}

static void write_title(Page *page) {
    const Document *document = page->document;
    const JsonIn *manifest = json_in_get(document->root, "manifest");
    char *seed = g_strdup_printf("%" G_GINT64_FORMAT, document->seed), *until = words_time(document->until_ns);
    char *replications = words_whole(document->replications);
    page_raw(page, "<h1>");
    page_text(page, words_title(document));
    page_raw(page, "</h1>\n<p class=\"claim\">");
    page_text(page, document->claim != NULL ? document->claim : document->about);
    page_raw(page, "</p>\n<dl>");
    manifest_entry(page, "pattern", document->pattern);
    manifest_entry(page, "simulated", until);
    manifest_entry(page, "replications", replications);
    manifest_entry(page, "seed", seed);
    manifest_entry(page, "version", document->version);
    manifest_entry(page, "inputs", page_maybe_text(page, manifest, "inputs_sha256"));
    manifest_entry(page, "model", page_maybe_text(page, manifest, "model_sha256"));
    manifest_entry(page, "events", page_maybe_text(page, manifest, "event_digest"));
    page_raw(page, "</dl>\n");
    g_free(replications);
    g_free(seed);
    g_free(until);
}

/* The name of a moment is data for our script, never code. */
static void write_pictures(Page *page, char *const *pictures) {
    page_raw(page, "<div class=\"steps\"></div>\n");
    for (int i = 0; i < page->document->moment_count; i++) {
        page_raw(page, "<div class=\"moment wide\" data-name=\"");
        page_text(page, page->document->moments[i].name);
        page_raw(page, "\">\n");
        page_raw(page, pictures[i]); /* markup of svg.c, where every text was escaped */
        page_raw(page, "</div>\n");
    }
}

/* Curves when there are any, then what happened in words. */
static void write_history(Page *page) {
    History history;
    if (page->error != NULL || !history_read(page->document, &history, &page->error))
        return;
    char *chart = chart_history(page->document, &history);
    if (chart != NULL || history.event_count > 0)
        page_raw(page, "<h2>What happened</h2>\n");
    if (chart != NULL) {
        page_raw(page, "<div class=\"wide\">");
        page_raw(page, chart);
        page_raw(page, "</div>\n");
    }
    g_free(chart);
    history_clear(&history);
    page_events(page);
}

char *page_write(const Document *document, char *const *pictures, GError **error) {
    Page page = {g_string_new(NULL), document, NULL};
    write_head(&page);
    write_title(&page);
    page_expectations(&page);
    page_raw(&page, "<h2>The network</h2>\n");
    write_pictures(&page, pictures);
    write_history(&page);
    page_attack(&page);
    page_phases(&page);
    page_ledger(&page);
    page_measures(&page);
    page_reachability(&page);
    page_cost(&page);
    page_sources(&page);
    page_raw(&page, "<script>");
    page_raw(&page, script);
    page_raw(&page, "</script>\n</body>\n</html>\n");
    if (page.error == NULL)
        return g_string_free(page.out, FALSE);
    g_propagate_error(error, page.error);
    g_string_free(page.out, TRUE);
    return NULL;
}
