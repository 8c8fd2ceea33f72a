// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StaticFilesTest {
    @TempDir
    Path directory;

    private StaticFiles files;

    @BeforeEach
    void writeFiles() throws IOException {
        Path root = Files.createDirectories(directory.resolve("root/sub")).getParent();
        Files.writeString(root.resolve("a.txt"), "hello");
        Files.writeString(root.resolve("sub/b c+%.txt"), "hello again");
        Files.writeString(directory.resolve("secret"), "not to be seen");
        Files.createDirectories(directory.resolve("root-too"));
        Files.writeString(directory.resolve("root-too/secret"), "not to be seen");
        Files.createSymbolicLink(root.resolve("inside"), Path.of("a.txt"));
        Files.createSymbolicLink(root.resolve("outside"), Path.of("../secret"));
        Files.createSymbolicLink(root.resolve("up"), Path.of(".."));
        files = new StaticFiles(root);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/files/a.txt",
                "/files/%61.txt",
                "/files/a.txt?query",
                "http://host/files/a.txt",
                "/files/sub/../a.txt",
                "/files/./a.txt",
                "/files/a.txt/",
                "/files/inside"
            })
    void findsWhatIsInTheFolder(String target) {
        StaticFile file = files.find(target);
        assertThat(file).isNotNull();
        assertThat(file.path()).hasContent("hello");
        assertThat(file.length()).isEqualTo(5);
    }

    @Test
    void decodesNamesOnce() {
        assertThat(files.find("/files/sub/b%20c+%25.txt"))
                .isNotNull()
                .extracting(StaticFile::length)
                .isEqualTo(11L);
        assertThat(files.find("/files/sub/b%20c+%2525.txt")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/files/../secret",
                "/files/%2e%2e/secret",
                "/files/..%2fsecret",
                "/files/%2e%2e%2fsecret",
                "/files/sub/../../secret",
                "/files/../root-too/secret",
                "/files//etc/passwd",
                "/files/%2fetc/passwd",
                "/files/outside",
                "/files/up/secret",
                "/files/up/root-too/secret",
                "/files/..\\secret",
                "/files/a.txt%00",
                "/files/%00",
                "/files/",
                "/files",
                "/files/sub",
                "/files/.",
                "/files/..",
                "/files/none",
                "/files//a.txt",
                "/files/a.txt/b",
                "/filesa.txt",
                "/a.txt",
                "a.txt",
                "",
                "*",
                "/files/%zz",
                "/files/%ff%fe",
                "/files/\u00e4"
            })
    void findsNothingElse(String target) {
        assertThat(files.find(target)).isNull();
    }

    @Test
    void longNamesAreNotFound() {
        assertThat(files.find("/files/" + "x".repeat(5000))).isNull();
        assertThat(files.find("/files/" + "x/".repeat(5000))).isNull();
    }

    @Test
    void aFolderThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> new StaticFiles(directory.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }
}
