package dev.hadron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.hadron.config.ConfigJson;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchemeSchemaTest {
    @ParameterizedTest
    @EnumSource
    void everyPresetIsAsTheSchemaSays(Scheme scheme) {
        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(ConfigJson.schema(), InputFormat.JSON)
                        .validate(ConfigJson.write(scheme.config()), InputFormat.JSON))
                .isEmpty();
    }
}
