// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.archunit;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.github.kqueueffm.AcceptFilter;
import io.github.kqueueffm.KQueueIoException;
import java.util.List;

/**
 * Which package may see which: channels, on engine and socket, on sys and platform. A rule names all that a package
 * may use of ours, so that a new package is refused until it is given its place here.
 */
@AnalyzeClasses(packages = "io.github.kqueueffm", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
    private static final String ROOT = "io.github.kqueueffm";
    private static final String HANDLE = ROOT + ".handle";
    private static final String CHANNEL = ROOT + ".internal.channel";
    private static final String LINUX = ROOT + ".internal.linux";
    private static final String ENGINE = ROOT + ".internal.engine";
    private static final String JFR = ROOT + ".internal.jfr";
    private static final String SOCKET = ROOT + ".internal.socket";
    private static final String PLATFORM = ROOT + ".internal.platform";
    private static final String SYS = ROOT + ".internal.sys";
    private static final String JNA = ROOT + ".internal.sys.jna";
    private static final String FFM = ROOT + ".internal.sys.ffm";

    /** Public values that a lower layer takes or throws. */
    private static final DescribedPredicate<JavaClass> VOCABULARY =
            belongToAnyOf(AcceptFilter.class, KQueueIoException.class).as("public vocabulary");

    @ArchTest
    static final ArchRule everyClassHasALayer = classes()
            .should()
            .resideInAnyPackage(ROOT, HANDLE, CHANNEL, LINUX, ENGINE, JFR, SOCKET, PLATFORM, SYS, JNA, FFM)
            .because("a class outside the known packages is held by no rule below");

    @ArchTest
    static final ArchRule platformStandsAlone = seesOfOurs(PLATFORM);

    @ArchTest
    static final ArchRule sysIsOnPlatform = seesOfOurs(SYS, PLATFORM);

    @ArchTest
    static final ArchRule jnaIsOnSys = seesOfOurs(JNA, SYS, PLATFORM);

    /** Empty in a build without the FFM source set. */
    @ArchTest
    static final ArchRule ffmIsOnSys = seesOfOurs(FFM, SYS, PLATFORM).allowEmptyShould(true);

    @ArchTest
    static final ArchRule engineIsOnSys = seesOfOurs(ENGINE, SYS, PLATFORM);

    @ArchTest
    static final ArchRule socketIsOnSys = seesOfOurs(VOCABULARY, SOCKET, SYS, PLATFORM);

    @ArchTest
    static final ArchRule vocabularyStandsAlone = noClasses()
            .that(VOCABULARY)
            .should()
            .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(VOCABULARY)))
            .because("the socket layer uses these public values, and would reach the channels through them");

    @ArchTest
    static final ArchRule linuxIsABackendOfTheEngine = seesOfOurs(LINUX, ENGINE, SYS, PLATFORM);

    /** Whoever writes a handle of their own has just that. */
    @ArchTest
    static final ArchRule handlesAreOnThePublicTypes = seesOfOurs(HANDLE, ROOT);

    @ArchTest
    static final ArchRule nobodyNeedsTheHandles = noClasses()
            .that()
            .resideOutsideOfPackage(HANDLE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(HANDLE)
            .because("the event loop knows KQueueIoHandle, and no handle by name");

    @ArchTest
    static final ArchRule jfrObservesTheEngine = seesOfOurs(JFR, ENGINE, PLATFORM);

    @ArchTest
    static final ArchRule onlyJfrSeesJfr = noClasses()
            .that()
            .resideOutsideOfPackage(JFR)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.jfr..")
            .because("a run-time image may have no module jdk.jfr");

    @ArchTest
    static final ArchRule channelsSeeNoBinding = noClasses()
            .that()
            .resideInAnyPackage(ROOT, CHANNEL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(JNA, FFM)
            .because("a binding is loaded by sys, and only when it is used");

    @ArchTest
    static final ArchRule onlyTheJnaBindingSeesJna = noClasses()
            .that()
            .resideOutsideOfPackage(JNA)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna..")
            .because("on JDK 22+ the jar has to work with JNA excluded");

    @ArchTest
    static final ArchRule onlyTheFfmBindingSeesForeign = noClasses()
            .that()
            .resideOutsideOfPackage(FFM)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.lang.foreign..")
            .because("below JDK 22 there is no such package");

    private static ArchRule seesOfOurs(String layer, String... below) {
        return seesOfOurs(DescribedPredicate.alwaysFalse(), layer, below);
    }

    private static ArchRule seesOfOurs(DescribedPredicate<JavaClass> too, String layer, String... below) {
        DescribedPredicate<JavaClass> allowed =
                resideInAPackage(layer).or(resideInAnyPackage(below)).or(too);
        return noClasses()
                .that()
                .resideInAPackage(layer)
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..")
                        .and(not(allowed))
                        .as("are ours and outside of it and of " + List.of(below)));
    }
}
