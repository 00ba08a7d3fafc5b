package dev.hadron.model.tokenizer.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates are untrusted: what isn't known is refused by name and line, and no template takes long or much. */
class TemplateRefusalTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '`',
            value = {
                "{% include 'other' %} @ the tag {% include %} isn't known here",
                "{% import 'os' as os %} @ the tag {% import %} isn't known here",
                "{% extends 'other' %} @ the tag {% extends %} isn't known here",
                "{% call f() %}{% endcall %} @ the tag {% call %} isn't known here",
                "{% endif %} @ the tag {% endif %} isn't known here",
                "{{ 'a' | shell }} @ the filter 'shell' isn't known here",
                "{{ 'a' is evil }} @ the test 'evil' isn't known here",
                "{{ '%s' % 'a' }} @ '%' isn't known here for a string and a string",
                "{{ ''.format(1) }} @ it calls 'format' of a string, which is undefined",
                "{{ ''.__class__.__mro__ }} @ '__class__' of a string is undefined, so it has no '__mro__'",
                "{{ messages.getClass() }} @ it calls 'getClass' of a list, which is undefined",
                "{% for x in [1] recursive %}{% endfor %} @ recursive loops aren't known here",
                "{{ 1 } @ '}' closes nothing that is open",
                "{{ (1 }} @ '}' closes nothing that is open",
                "{{ 'a }} @ a string that begins here doesn't end",
                "{% if true @ the template ends within a tag",
                "{% if true %} @ the template ends where",
                "{# never @ a comment that begins here doesn't end",
                "{% raw %} @ a raw block that begins here doesn't end",
                "{{ 1 2 }} @ '}}' is expected, but '2' is found",
                "{{ }} @ a value is expected, but }} is found",
                "{{ 9223372036854775808 }} @ doesn't fit 64 bits",
                "{{ 9223372036854775807 + 1 }} @ the result of '+' doesn't fit 64 bits",
                "{{ 2 ** 64 }} @ the result of '**' doesn't fit 64 bits",
                "{{ {1: 2} }} @ a dictionary has an integer as a key",
                "{% set messages.x = 1 %} @ 'messages' isn't a namespace",
                "{% set true = 1 %} @ 'true' can't be the name of a variable",
                "{% break %} @ stands outside of a loop",
                "{{ strftime_now('%Q') }} @ doesn't know the directive %Q",
                "{{ raise_exception('roles must alternate') }} @ the template refuses the conversation: roles must alternate",
                "{{ namespace() }} @ a namespace is written out",
                "{{ range(1000000) | list }} @ is longer than 100000"
            })
    void whatIsntKnownIsRefusedByNameAndLine(String template, String sentence) {
        TemplateException refusal = refusal("two\nlines\n" + template);

        assertThat(refusal.line()).isEqualTo(3);
        assertThat(refusal).hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
                "{{ 'x' * 9000000000000000000 }}",
                "{% set ns = namespace(s='xx') %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{% set ns = namespace(s=[1, 2]) %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(100000) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s }}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(100000) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s | tojson }}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(100000) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s == ns.s[0] }}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(100) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s == [ns.s[0]] + [ns.s[0]] }}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(100) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s | string }}",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
                "{% for a in range(100000) %}{{ 'x' * 100000 }}{% endfor %}",
                "{{ 'x' | replace('', 'y' * 10000000) }}",
                "{{ ('x' * 5000000) | replace('x', 'yyyyyyyy') }}",
                "{{ [1] | tojson(indent=2000000000) }}",
                "{{ 'a\nb' | indent(2000000000) }}",
                "{{ ('a,' * 1000000).split(',') | join('x' * 1000000) }}",
                "{{ range(100000) | unique | list | length }}",
                "{{ range(100000) | map('string') | join | list | sort | join }}{% for i in range(10000) %}{{ range(100000) | sort | first }}{% endfor %}"
            })
    void noTemplateTakesLongOrMuch(String template) {
        assertThat(refusal(template).getMessage())
                .containsAnyOf("doesn't end within", "characters", "deep", "more than");
    }

    @Test
    void deepNestingInTheSourceIsRefused() {
        for (String deep : new String[] {
            "{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}",
            "{{ " + "not (".repeat(50_000) + "1" + ")".repeat(50_000) + " }}",
            "{{ " + "[".repeat(100_000) + "]".repeat(100_000) + " }}",
            "{% if true %}".repeat(50_000),
            "{{ 1" + " + 1".repeat(100_000) + " }}",
            "{{ x" + ".x".repeat(100_000) + " }}",
            "{{ 1" + "|string".repeat(50_000) + " }}",
            "{{ 1" + " if 1".repeat(50_000) + " }}"
        }) {
            assertThat(refusal(deep)).hasMessageContaining("deep");
        }
    }

    @Test
    void aHugeTemplateIsRefused() {
        assertThat(refusal("x".repeat(2_000_000))).hasMessageContaining("2000000 characters");
    }

    private static TemplateException refusal(String template) {
        return Objects.requireNonNull(
                catchThrowableOfType(
                        TemplateException.class,
                        () -> Template.parse(template)
                                .render(
                                        Map.of(
                                                "messages",
                                                Fixtures.json("conversations.json")
                                                        .at("/plain/messages")),
                                        Fixtures.NOW)),
                template);
    }
}
