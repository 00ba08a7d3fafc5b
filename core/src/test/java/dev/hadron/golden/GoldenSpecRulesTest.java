package dev.hadron.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.SpecRules;
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
                QuantizationSpec bare =
                        golden.get("spec").get("dtype").stringValue().equals("mx")
                                ? spec
                                : spec.toBuilder().mxElementDtype(null).build();
                if (spec.equals(bare)) {
                    reasons.merge("without a useless mx_element_dtype", 1, Integer::sum);
                } else {
                    assertThat(refusal(spec).orElse("")).startsWith("mx_element_dtype of the weight is");
                }
                reasons.merge(refusal(bare).map(GoldenSpecRulesTest::reason).orElse("accepted"), 1, Integer::sum);
            }
        }
        assertThat(reasons).isEqualTo(Map.of());
    }

    private static String reason(String message) {
        return message.replaceAll(" \\(.*?\\)", "").replaceAll(" is [^;]*;", " is …;");
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
