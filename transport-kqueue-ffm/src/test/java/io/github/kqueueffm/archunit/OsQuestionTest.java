// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.archunit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Which OS this is, is asked in one package; everybody else reads the answer from its record. */
@AnalyzeClasses(packages = "io.github.kqueueffm", importOptions = ImportOption.DoNotIncludeTests.class)
class OsQuestionTest {
    private static final String PLATFORM = "io.github.kqueueffm.internal.platform";
    private static final Set<String> OS_PROPERTIES = Set.of("os.name", "os.arch", "os.version");

    @ArchTest
    static final ArchRule onlyPlatformReadsTheOsProperties = noClasses()
            .that()
            .resideOutsideOfPackage(PLATFORM)
            .should(holdOneOf(OS_PROPERTIES))
            .because("a platform difference is a value in a record");

    @ArchTest
    static final ArchRule nobodyAsksNetty = noClasses()
            .should()
            .callMethodWhere(DescribedPredicate.describe(
                    "PlatformDependent is asked for the OS",
                    (JavaMethodCall call) ->
                            call.getTargetOwner().getName().equals("io.netty.util.internal.PlatformDependent")
                                    && Set.of("isOsx", "isWindows", "isJ9Jvm", "normalizedArch", "normalizedOs")
                                            .contains(call.getTarget().getName())));

    @ArchTest
    static final ArchRule nobodyAsksJna =
            noClasses().should().dependOnClassesThat().haveFullyQualifiedName("com.sun.jna.Platform");

    /** The byte code model has no string constants, the class file has: as modified UTF-8, which is ASCII here. */
    private static ArchCondition<JavaClass> holdOneOf(Set<String> constants) {
        return new ArchCondition<>("hold one of the strings " + constants) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                String classFile = classFile(type);
                for (String constant : constants) {
                    events.add(new SimpleConditionEvent(
                            type, classFile.contains(constant), type.getName() + " / \"" + constant + "\""));
                }
            }
        };
    }

    private static String classFile(JavaClass type) {
        try (InputStream in = type.getSource().orElseThrow().getUri().toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
