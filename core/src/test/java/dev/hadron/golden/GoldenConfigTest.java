package dev.hadron.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.config.Config;
import dev.hadron.config.ConfigJson;
import dev.hadron.config.DataTypeSpec;
import dev.hadron.config.LayerResolver;
import dev.hadron.config.LayerType;
import dev.hadron.config.QuantizationConfig;
import dev.hadron.config.SpecRules;
import dev.hadron.error.HadronException;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Named specifications, rules, files and the choice of a layer's configuration against recorded answers. */
class GoldenConfigTest {
    private static final String FILE = "config/config.json";

    @Test
    void namedSpecificationsBecomeWhatTheyWereRecordedToBecome() {
        int compared = 0;
        int refused = 0;
        for (JsonNode golden : GoldenFolder.json(FILE).get("named_specs")) {
            String name = golden.get("class").stringValue();
            JsonNode args = golden.get("args");
            if (golden.has("result")) {
                assertThat(NamedSpecs.create(name, args).map(DataTypeSpec::toQuantizationSpec))
                        .as(name + args)
                        .contains(NeutralForm.spec(golden.get("result")));
                compared++;
            } else {
                assertThat(isRefused(name, args)).as(name + args).isTrue();
                refused++;
            }
        }
        assertThat(compared + refused).isEqualTo(735);
        assertThat(compared).isGreaterThanOrEqualTo(400);
    }

    @Test
    void everyLayerGetsTheRecordedConfiguration() {
        int trees = 0;
        for (JsonNode golden : GoldenFolder.json(FILE).get("resolution")) {
            LayerResolver resolver = new LayerResolver(tree(golden));
            golden.get("layers").forEach(layer -> {
                String name = layer.get(0).stringValue();
                JsonNode expected = golden.get("resolved").get(name);
                Optional<String> source = layerType(layer.get(1).stringValue())
                        .flatMap(type -> resolver.resolve(name, type))
                        .map(LayerResolver.Resolved::source);
                assertThat(source.orElse(null))
                        .as(name + " in " + golden)
                        .isEqualTo(expected.isNull() ? null : expected.stringValue());
            });
            trees++;
        }
        assertThat(trees).isGreaterThanOrEqualTo(80);
    }

    @Test
    void filesOfTheReferenceSayWhatWasConfigured() {
        int configs = 0;
        for (JsonNode golden : GoldenFolder.json(FILE).get("configs")) {
            Config expected = NeutralForm.config(golden.get("config"));

            Config read = ConfigJson.fromTree(golden.get("reference_json"), "recorded " + configs);

            assertThat(read).isEqualTo(expected);
            assertThat(ConfigJson.parse(ConfigJson.write(read), "written")).isEqualTo(read);
            configs++;
        }
        assertThat(configs).isEqualTo(60);
    }

    private static boolean isRefused(String name, JsonNode args) {
        try {
            Optional<DataTypeSpec> spec = NamedSpecs.create(name, args);
            spec.ifPresent(present -> SpecRules.check(present.toQuantizationSpec(), "weight"));
            return spec.isEmpty();
        } catch (HadronException e) {
            return true;
        }
    }

    private static Config tree(JsonNode golden) {
        Config.Builder builder = Config.builder();
        golden.get("exclude").forEach(pattern -> builder.exclude(pattern.stringValue()));
        golden.get("layer_quant_config")
                .forEach(pattern -> builder.layerQuantConfig(pattern.stringValue(), QuantizationConfig.NOTHING_SAID));
        golden.get("layer_type_quant_config")
                .forEach(type -> builder.layerTypeQuantConfig(type.stringValue(), QuantizationConfig.NOTHING_SAID));
        return builder.build();
    }

    /** Layers of other types aren't candidates: nobody asks for them. */
    private static Optional<LayerType> layerType(String name) {
        return Arrays.stream(LayerType.values())
                .filter(type -> type.wireName().equals(name))
                .findFirst();
    }
}
