// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way in which a data file can be wrong, made by one edit of a good one. */
class PlatformLoaderTest {

    private final MapOpener files = new MapOpener();

    private Platform load() {
        return PlatformLoader.load(Target.parse("netbsd-amd64"), files);
    }

    private void assertRejected(String... messageParts) {
        assertThatThrownBy(this::load)
                .isInstanceOf(IllegalStateException.class)
                .message()
                .contains(messageParts);
    }

    @Test
    void theUneditedFileIsGood() {
        assertThat(load().id()).isEqualTo("netbsd-amd64");
    }

    @Test
    void missingConstant() {
        files.edited("netbsd.abi", "const ENOSYS 78\n", "");
        assertRejected("netbsd-amd64.abi", "ENOSYS of Errno", "add 'const ENOSYS NUMBER'", "'absent ENOSYS'");
    }

    @Test
    void missingStructMember() {
        files.edited("netbsd.abi", "struct iovec.size 16\n", "");
        assertRejected("iovecSize of StructLayouts", "add 'struct iovecSize NUMBER'");
    }

    @Test
    void missingField() {
        files.edited("netbsd.abi", "field tcpInfo.rtt 68 4 microseconds\n", "");
        assertRejected(
                "tcpInfo.rtt of TcpInfoLayout", "add 'field tcpInfo.rtt OFFSET SIZE UNIT'", "'absent tcpInfo.rtt'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"68 4 hours", "68 3 microseconds", "-1 4 microseconds", "x 4 microseconds", "68 4 MICRO_SECONDS"
            })
    void fieldThatIsNone(String value) {
        files.edited("netbsd.abi", "field tcpInfo.rtt 68 4 microseconds\n", "field tcpInfo.rtt " + value + "\n");
        assertRejected("netbsd.abi:", "tcpInfo.rtt must be an offset, a size of 1, 2, 4 or 8 bytes", "not " + value);
    }

    @Test
    void fieldWithoutAUnit() {
        files.edited("netbsd.abi", "field tcpInfo.rtt 68 4 microseconds\n", "field tcpInfo.rtt 68 4\n");
        assertRejected("netbsd.abi:", "cannot read 'field tcpInfo.rtt 68 4'", "'field NAME OFFSET SIZE UNIT'");
    }

    @Test
    void structMemberWhereAFieldIsMeant() {
        files.edited("netbsd.abi", "field tcpInfo.rtt 68 4 microseconds\n", "struct tcpInfo.rtt 68\n");
        assertRejected("tcpInfo.rtt of TcpInfoLayout", "add 'field tcpInfo.rtt OFFSET SIZE UNIT'");
    }

    @Test
    void missingSymbol() {
        files.edited("netbsd.abi", "absent epoll_create1\n", "");
        assertRejected("epoll_create1 of Platform.symbols", "add 'symbol epoll_create1 NAME'");
    }

    @Test
    void missingTrait() {
        files.edited("netbsd.abi", "trait inheritsKeepTimes false\n", "");
        assertRejected("inheritsKeepTimes of Traits", "add 'trait inheritsKeepTimes true'");
    }

    @Test
    void traitThatIsSaidToBeAbsent() {
        files.edited("netbsd.abi", "trait inheritsKeepTimes false\n", "absent inheritsKeepTimes\n");
        assertRejected("inheritsKeepTimes must be true or false");
    }

    @Test
    void traitThatIsNoTruth() {
        files.edited("netbsd.abi", "trait inheritsKeepTimes false\n", "trait inheritsKeepTimes yes\n");
        assertRejected("netbsd.abi:", "inheritsKeepTimes must be true or false, not yes");
    }

    @Test
    void valueThatIsNoNumber() {
        files.edited("netbsd.abi", "const ENOSYS 78\n", "const ENOSYS seventy-eight\n");
        assertRejected("netbsd.abi:", "ENOSYS must be a number of 32 bits, not seventy-eight");
    }

    @Test
    void valueThatDoesNotFit() {
        files.edited("netbsd.abi", "const ENOSYS 78\n", "const ENOSYS 4294967296\n");
        assertRejected("ENOSYS must be a number of 32 bits, not 4294967296");
    }

    @Test
    void nameThatNoRecordHas() {
        files.edited("netbsd.abi", "const ENOSYS 78\n", "const ENOSYS 78\nconst ENOSUCH 79\n");
        assertRejected("netbsd.abi:", "'const ENOSUCH'", "correct the name or remove the line");
    }

    @Test
    void nameOfTheWrongKind() {
        files.edited("netbsd.abi", "const ENOSYS 78\n", "trait ENOSYS 78\n");
        assertRejected("ENOSYS of Errno", "add 'const ENOSYS NUMBER'");
    }

    @Test
    void nameGivenTwice() {
        files.edited("netbsd.abi", "const ENOSYS 78\n", "const ENOSYS 78\nconst ENOSYS 78\n");
        assertRejected("ENOSYS is already given at netbsd.abi:", "remove one of the two lines");
    }

    @Test
    void nameGivenByTheIncludedFileToo() {
        files.edited("netbsd-amd64.abi", "include netbsd\n", "include netbsd\nabsent ENOSYS\n");
        assertRejected("netbsd-amd64.abi:3", "ENOSYS is already given at netbsd.abi:");
    }

    @Test
    void structMemberGivenTwiceInBothSpellings() {
        files.edited("netbsd.abi", "struct iovec.size 16\n", "struct iovec.size 16\nstruct iovecSize 16\n");
        assertRejected("iovecSize is already given at netbsd.abi:");
    }

    @Test
    void lineThatIsNone() {
        files.edited("netbsd.abi", "const ENOSYS 78\n", "ENOSYS = 78\n");
        assertRejected("netbsd.abi:", "cannot read 'ENOSYS = 78'", "'absent NAME'");
    }

    @Test
    void includedFileThatIsMissing() {
        files.edited("netbsd-amd64.abi", "include netbsd\n", "include nosuch\n");
        assertRejected("nosuch.abi", "named in netbsd-amd64.abi:2", "is missing");
    }

    @Test
    void fileIncludedTwice() {
        files.edited("netbsd-amd64.abi", "include netbsd\n", "include netbsd\ninclude netbsd\n");
        assertRejected("netbsd.abi is included a second time by netbsd-amd64.abi:3");
    }

    @Test
    void fileThatIncludesItself() {
        files.edited("netbsd-amd64.abi", "include netbsd\n", "include netbsd-amd64\n");
        assertRejected("netbsd-amd64.abi is included a second time");
    }

    @Test
    void targetWithoutAFile() {
        assertThatThrownBy(() -> PlatformLoader.load(Target.parse("plan9-amd64"), files))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("plan9-amd64.abi");
    }

    @Test
    void numbersMayBeHexadecimalAndIndented() {
        files.edited("netbsd.abi", "const ENOSYS 78\n", "  const\tENOSYS   0x4e  \n");
        assertThat(load().errno().ENOSYS()).isEqualTo(78);
    }
}
