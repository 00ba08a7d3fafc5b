package dev.hadron.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The version of this build. */
public final class HadronVersion {
    private HadronVersion() {}

    /** The version, as the build wrote it down. */
    public static String current() {
        try (InputStream in = Objects.requireNonNull(HadronVersion.class.getResourceAsStream("version.properties"))) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
