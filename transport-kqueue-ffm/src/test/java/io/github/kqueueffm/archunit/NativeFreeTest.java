// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.archunit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;

/**
 * Nothing here needs a native library of Netty's. The plain netty-transport-native-unix-common jar holds types that work
 * without one and types, or single methods, that end in an UnsatisfiedLinkError.
 */
@AnalyzeClasses(packages = "io.github.kqueueffm", importOptions = ImportOption.DoNotIncludeTests.class)
class NativeFreeTest {
    private static final String UNIX = "io.netty.channel.unix.";

    /** The native methods of types that are fine otherwise. */
    private static final Map<String, Set<String>> NATIVE_METHODS = Map.of(
            UNIX + "Buffer", Set.of("addressSize", "wrapMemoryAddressWithNativeOrder"),
            UNIX + "UnixChannelUtil", Set.of("isBufferCopyNeededForWrite"),
            UNIX + "FileDescriptor",
                    Set.of(
                            "from",
                            "pipe",
                            "read",
                            "readAddress",
                            "write",
                            "writeAddress",
                            "writev",
                            "writevAddresses"));

    @ArchTest
    static final ArchRule noTypeThatIsBackedByJni = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("io\\.netty\\.channel\\.unix\\.(Socket|Errors|Limits|IovArray|Unix)(\\$.*)?")
            .because("their class initializers or constructors call into Netty's native library");

    @ArchTest
    static final ArchRule noMethodThatIsBackedByJni = noClasses()
            .should()
            .callMethodWhere(DescribedPredicate.describe(
                    "the method is native or calls a native one",
                    (JavaMethodCall call) -> NATIVE_METHODS
                            .getOrDefault(call.getTargetOwner().getName(), Set.of())
                            .contains(call.getTarget().getName())))
            .because("they end in an UnsatisfiedLinkError");

    @ArchTest
    static final ArchRule noOtherTransportOfNettys = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty.channel.kqueue..", "io.netty.channel.epoll..", "io.netty.channel.uring..")
            .because("they are not on the class path of who uses this jar");
}
