package dev.outcrop.engines.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
    private static final Clock CLOCK = Clock.systemUTC();

    private static Text render(String template, Map<String, ?> variables) {
        return Template.parse(template).render(variables, CLOCK);
    }

    @Test
    void knowsWhereEachPartOfTheOutputCameFrom() {
        Text supplied = Text.of(" <b> ", 7);

        Text text = render(
                "<a>{{ x | trim }}{{ x.strip().replace('b', 'c') | upper }}{{ [x] | tojson }}", Map.of("x", supplied));

        assertThat(text.runs())
                .containsExactly(
                        new Text.Run("<a>", Text.TEMPLATE),
                        new Text.Run("<b><", 7),
                        new Text.Run("C", Text.TEMPLATE),
                        new Text.Run(">", 7),
                        new Text.Run("[\"", Text.TEMPLATE),
                        new Text.Run(" <b> ", 7),
                        new Text.Run("\"]", Text.TEMPLATE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
                "{{ 'x' * 999999999 }}",
                "{% set ns = namespace(x='xxxxxxxx') %}{% for a in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{{ range(999999999) }}",
                "{{ 9 ** 99999999 }}",
                "{{ '%999999999d' % 1 }}",
                "{{ 'x'.ljust(999999999) }}",
            })
    void stopsTemplatesThatTakeTooMuch(String template) {
        assertThatThrownBy(() -> render(template, Map.of())).isInstanceOf(TemplateException.class);
    }

    @Test
    void refusesTemplatesThatNestTooDeep() {
        String template = "{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}";

        assertThatThrownBy(() -> Template.parse(template))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("nested");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ a",
                "{% if %}",
                "{% for x %}",
                "{{ 'a }}",
                "{% endif %}",
                "{# a",
                "{{ a b }}",
                "{% nonsense %}",
                "{{ ) }}"
            })
    void refusesWhatIsNoTemplate(String template) {
        assertThatThrownBy(() -> Template.parse(template)).isInstanceOf(TemplateException.class);
    }

    @Test
    void tellsARefusalOfTheTemplateFromAnError() {
        assertThatThrownBy(() -> render("{{ raise_exception('No.') }}", Map.of()))
                .isInstanceOfSatisfying(
                        TemplateException.class, e -> assertThat(e.raised()).isTrue())
                .hasMessage("No.");
        assertThatThrownBy(() -> render("{{ a.b }}", Map.of()))
                .isInstanceOfSatisfying(
                        TemplateException.class, e -> assertThat(e.raised()).isFalse())
                .hasMessage("'a' is undefined");
    }
}
