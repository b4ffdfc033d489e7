/* story.c - makes facts for tests of measures. */
#include "tests/unit/measure/story.h"

static const MeasurePopulation populations[] = {{"america", AMERICA}, {"europe", EUROPE}};
static const char *const components[STORY_COMPONENTS] = {
    "america", "europe", "dns", "site[a].lb", "site[a].web", "site[a].db", "site[b].lb", "site[b].web", "site[b].db"};
static const char *const elements[STORY_ELEMENTS] = {"nothing", "security group web inbound rule 1",
                                                     "security group db"};

SimTime at_s(double seconds) { return SIMTIME_NS((int64_t)(seconds * 1e9 + 0.5)); }

Story *story_new(void) {
    Story *story = g_new0(Story, 1);
    for (uint32_t u = 0; u < STORY_COMPONENTS * 10; u++)
        story->unit_component[u] = u / 10;
    story->setup = (MeasureSetup){.populations = populations,
                                  .population_count = G_N_ELEMENTS(populations),
                                  .faults = story->faults,
                                  .components = components,
                                  .component_count = STORY_COMPONENTS,
                                  .unit_component = story->unit_component,
                                  .unit_count = STORY_COMPONENTS * 10,
                                  .elements = elements,
                                  .element_count = STORY_ELEMENTS,
                                  .prices = story->prices,
                                  .transfers = story->transfers,
                                  .warm_up = SIMTIME_S(10),
                                  .until = SIMTIME_S(600),
                                  .trust = true,
                                  .forgeries = true,
                                  .meters = true};
    return story;
}

void story_fault(Story *story, const char *text, double at, double lasts) {
    uint32_t event = story->setup.fault_count++;
    story->faults[event] = (MeasureFault){text, at_s(at), at_s(lasts), event};
}

void story_open(Story *story) {
    story->set = measure_set_new(&story->setup);
    measure_set_begin(story->set, 0);
}

void story_free(Story *story) {
    measure_set_free(story->set);
    g_free(story);
}

void tell(Story *story, double at, Fact fact) {
    fact.at = at_s(at);
    if (measure_set_wants(story->set) & FACT_BIT(fact.kind))
        measure_set_see(story->set, &fact);
}

void arrive(Story *story, double at, ComponentId population, uint32_t serial, int64_t resolver) {
    tell(
        story, at,
        (Fact){
            .kind = FACT_ARRIVED, .component = population, .subject = serial, .amount = resolver, .other = UINT32_MAX});
}

void come_back(Story *story, double at, ComponentId population, uint32_t serial, uint32_t instead_of) {
    tell(story, at, (Fact){.kind = FACT_ARRIVED, .component = population, .subject = serial, .other = instead_of});
}

void establish(Story *story, double at, ComponentId population, uint32_t serial, double since_arrival,
               int64_t resolver) {
    tell(story, at,
         (Fact){.kind = FACT_ESTABLISHED,
                .component = population,
                .subject = serial,
                .amount = resolver,
                .span = at_s(since_arrival)});
}

void complete(Story *story, double at, ComponentId population, uint32_t serial) {
    tell(story, at, (Fact){.kind = FACT_COMPLETED, .component = population, .subject = serial});
}

void break_off(Story *story, double at, ComponentId population, uint32_t serial, Cause cause, int flags,
               double sent_ago) {
    tell(story, at,
         (Fact){.kind = FACT_BROKEN,
                .component = population,
                .subject = serial,
                .cause = cause,
                .flags = (uint8_t)flags,
                .amount = at_s(sent_ago).ns});
}

void begin_fault(Story *story, double at, uint32_t event) {
    tell(story, at, (Fact){.kind = FACT_FAULT_BEGAN, .subject = event});
}

void end_fault(Story *story, double at, uint32_t event) {
    tell(story, at, (Fact){.kind = FACT_FAULT_ENDED, .subject = event});
}

static const MeasureSample *sample_of(const MeasureSet *set, const char *name, uint64_t replication) {
    const MeasureColumn *column = measure_find(set, name);
    for (uint32_t i = 0; column && i < column->count; i++)
        if (column->samples[i].replication == replication)
            return &column->samples[i];
    return NULL;
}

int64_t value_of(const MeasureSet *set, const char *name, uint64_t replication) {
    const MeasureSample *sample = sample_of(set, name, replication);
    if (!sample)
        g_test_message("no value of %s", name);
    g_assert_nonnull(sample);
    return sample->value;
}

bool has_value(const MeasureSet *set, const char *name, uint64_t replication) {
    return sample_of(set, name, replication) != NULL;
}

static void bucket_text(int64_t lower, int64_t upper, uint64_t count, void *user) {
    g_string_append_printf(user, "  [%" G_GINT64_FORMAT "..%" G_GINT64_FORMAT "] %" G_GUINT64_FORMAT "\n", lower, upper,
                           count);
}

static void column_text(GString *text, const MeasureColumn *column) {
    char *name = measure_column_name(column);
    g_string_append_printf(text, "%s by %s\n", name, column->by ? column->by : "-");
    g_free(name);
    for (uint32_t i = 0; i < column->count; i++)
        g_string_append_printf(text, "  %" G_GUINT64_FORMAT ": %" G_GINT64_FORMAT "\n", column->samples[i].replication,
                               column->samples[i].value);
    for (uint32_t i = 0; i < column->pool_count; i++) {
        const MeasurePool *p = &column->pools[i];
        g_string_append_printf(
            text, "  %d: n %d never %d sum %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "..%" G_GINT64_FORMAT "\n",
            (int)p->replication, (int)p->count, (int)p->never, (int64_t)p->sum, p->min, p->max);
    }
    if (column->pool)
        histogram_each(column->pool, bucket_text, text);
}

char *set_text(const MeasureSet *set) {
    GString *text = g_string_new(NULL);
    const MeasureColumn *const *columns;
    uint32_t count = measure_set_columns(set, &columns);
    for (uint32_t i = 0; i < count; i++)
        column_text(text, columns[i]);
    const MeasureSeries *series;
    count = measure_set_series(set, &series);
    for (uint32_t i = 0; i < count; i++) {
        g_string_append_printf(text, "%s of %s:", series[i].name, series[i].of ? series[i].of : "-");
        for (uint32_t b = 0; b < series[i].count; b++)
            g_string_append_printf(text, " %" G_GINT64_FORMAT, series[i].values[b]);
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}
