package dev.outcrop.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    @Test
    void theTableOfServicesIsTheOneThatTheCodeGives() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));

        String table = ServicesCommand.markdown(ServicesCommand.rows());

        assertThat(readme)
                .as("run ./outcrop services --markdown and put it between the services marks of README.md")
                .contains("<!-- services: ./outcrop services --markdown -->\n" + table + "<!-- /services -->");
    }
}
