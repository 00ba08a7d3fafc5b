package dev.hadron.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.SpecRules;
import dev.hadron.dtype.Dtype;
import dev.hadron.error.HadronException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Which combinations of fields are refused when they are used, against 3,000 recorded verdicts. */
class GoldenSpecRulesTest {
    @Test
    void whatTheReferenceRefusesIsRefused() {
        int refused = 0;
        for (JsonNode golden : GoldenFolder.json("config/config.json").get("spec_rules")) {
            if (golden.has("error")) {
                assertThat(refusal(NeutralForm.spec(golden.get("spec"))))
                        .as(golden.toString())
                        .isPresent();
                refused++;
            }
        }
        assertThat(refused).isEqualTo(1352);
    }

    /** The reasons are those of docs/configuration.md; a refusal of another kind, or one more, fails here. */
    @Test
    void whatIsRefusedBeyondHasAKnownReason() {
        Map<String, Integer> reasons = new TreeMap<>();
        for (JsonNode golden : GoldenFolder.json("config/config.json").get("spec_rules")) {
            if (!golden.has("error")) {
                // An element's type is drawn for every type of data; it would hide the other reasons.
                QuantizationSpec spec = NeutralForm.spec(golden.get("spec"));
                boolean useless = spec.dtype() != Dtype.MX;
                QuantizationSpec bare =
                        useless ? spec.toBuilder().mxElementDtype(null).build() : spec;
                Optional<String> refusal = refusal(bare).or(() -> refusal(spec));
                reasons.merge(refusal.map(GoldenSpecRulesTest::reason).orElse("accepted"), 1, Integer::sum);
            }
        }
        assertThat(reasons)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("accepted", 35),
                        Map.entry("ch_axis of the weight is …; it must be unset for per_tensor", 76),
                        Map.entry("ch_axis of the weight isn't set; it must be the axis of the channels, such as 0", 8),
                        Map.entry("dtype of the weight is …; it must be mx", 478),
                        Map.entry("group_size of the weight is …; it must be an even number, such as 32", 10),
                        Map.entry("group_size of the weight is …; it must be unset for per_channel", 17),
                        Map.entry("group_size of the weight is …; it must be unset for per_tensor", 15),
                        Map.entry("is_dynamic of the weight isn't set; it must be true or false", 18),
                        Map.entry("mx_element_dtype of the weight is …; it must be unset", 30),
                        Map.entry("observer_cls of the weight is …; it must be PerBlockBFPObserver", 17),
                        Map.entry("observer_cls of the weight is …; it must be PlaceholderObserver or unset", 259),
                        Map.entry("observer_cls of the weight is …; it must be an observer for per_channel", 197),
                        Map.entry("observer_cls of the weight is …; it must be an observer for per_group", 91),
                        Map.entry("observer_cls of the weight is …; it must be an observer for per_tensor", 131),
                        Map.entry("observer_cls of the weight isn't set; it must be an observer", 8),
                        Map.entry("qscheme of the weight is …; it must be per_group", 95),
                        Map.entry("qscheme of the weight is …; it must be unset", 27),
                        Map.entry("qscheme of the weight isn't set; it must be per_group", 54),
                        Map.entry(
                                "qscheme of the weight isn't set; it must be per_tensor, per_channel or per_group", 62),
                        Map.entry("round_method of the weight is …; it must be half_even", 11),
                        Map.entry("round_method of the weight isn't set; it must be round, floor or half_even", 1),
                        Map.entry("scale_type of the weight is …; it must be float, float32, float16 or bfloat16", 8)));
    }

    private static String reason(String message) {
        return message.replaceAll(" \\(.*?\\)", "")
                .replaceAll(" is [^;]*;", " is …;")
                .replaceAll(",?( for| with) (mx|bfp16|bfloat16|float16|u?int\\d|fp).*$", "");
    }

    private static Optional<String> refusal(QuantizationSpec spec) {
        try {
            SpecRules.check(spec, "weight");
            return Optional.empty();
        } catch (HadronException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
