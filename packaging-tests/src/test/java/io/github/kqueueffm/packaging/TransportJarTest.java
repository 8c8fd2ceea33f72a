// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** What is in the jar and what is not. */
class TransportJarTest {
    private static final int JAVA_17 = 61;

    @Test
    void everyClassLoadsOnJava17() throws Exception {
        try (JarFile jar = new JarFile(Build.transportJar().toFile())) {
            List<JarEntry> classes = jar.stream()
                    .filter(entry -> entry.getName().endsWith(".class"))
                    .toList();
            assertThat(classes).isNotEmpty();
            for (JarEntry entry : classes) {
                try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
                    assertThat(in.readInt()).as(entry.getName()).isEqualTo(0xCAFEBABE);
                    assertThat(in.readInt())
                            .as("minor and major version of " + entry)
                            .isEqualTo(JAVA_17);
                }
            }
        }
    }

    @Test
    void isOnePlainJarWithItsLicence() throws Exception {
        try (JarFile jar = new JarFile(Build.transportJar().toFile())) {
            assertThat(jar.stream().map(JarEntry::getName))
                    .contains("META-INF/LICENSE", "META-INF/NOTICE")
                    .noneMatch(name -> name.startsWith("META-INF/versions/"))
                    .noneMatch(name -> name.matches(".*\\.(so|dylib|jnilib|dll)"))
                    .noneMatch(name -> name.startsWith("io/netty/"));
            Attributes manifest = jar.getManifest().getMainAttributes();
            assertThat(manifest.getValue("Enable-Native-Access")).isEqualTo("ALL-UNNAMED");
            assertThat(manifest.getValue("Multi-Release")).isNull();
            assertThat(manifest.getValue("Automatic-Module-Name")).isNull();
        }
    }

    @Test
    void exportsThePublicPackagesAlone() throws Exception {
        assumeTrue(Build.HAS_FFM, "a build without the FFM source set has no module descriptor");
        try (JarFile jar = new JarFile(Build.transportJar().toFile());
                InputStream in = jar.getInputStream(jar.getEntry("module-info.class"))) {
            ModuleDescriptor descriptor = ModuleDescriptor.read(in);
            assertThat(descriptor.name()).isEqualTo("io.github.kqueueffm");
            assertThat(descriptor.isAutomatic() || descriptor.isOpen()).isFalse();
            assertThat(descriptor.exports())
                    .extracting(ModuleDescriptor.Exports::source)
                    .containsExactlyInAnyOrder("io.github.kqueueffm", "io.github.kqueueffm.handle");
            assertThat(descriptor.opens()).isEmpty();
        }
    }
}
