// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.CredentialsLayout;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Each system's own struct. */
class CredentialsCodecTest {

    /** struct xucred: cr_version 0, cr_uid 4, cr_ngroups 8 (short), cr_groups 12, 16 of them; FreeBSD has cr_pid at 80. */
    private static CredentialsLayout xucred(String id) {
        return TestPlatforms.named(id).credentials();
    }

    private static ByteBuffer answer(int size, int... numbers) {
        ByteBuffer answer = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
        for (int i = 0; i < numbers.length; i += 2) {
            answer.putInt(numbers[i], numbers[i + 1]);
        }
        return answer;
    }

    private static void isDecodedTo(Credentials credentials, int pid, int uid, int... gids) {
        assertThat(credentials.pid()).isEqualTo(pid);
        assertThat(credentials.uid()).isEqualTo(uid);
        assertThat(credentials.gids()).containsExactly(gids);
    }

    @Test
    void linuxUcred() {
        CredentialsLayout layout = TestPlatforms.named("linux-amd64").credentials();
        assertThat(layout.size()).isEqualTo(12);
        isDecodedTo(CredentialsCodec.decode(layout, answer(12, 0, 4711, 4, 1000, 8, 100), 0), 4711, 1000, 100);
    }

    @Test
    void netbsdUnpcbid() {
        CredentialsLayout layout = TestPlatforms.named("netbsd-amd64").credentials();
        assertThat(layout.size()).isEqualTo(12);
        isDecodedTo(CredentialsCodec.decode(layout, answer(12, 0, 1, 4, 2, 8, 3), 0), 1, 2, 3);
    }

    @Test
    void openbsdSockpeercred() {
        CredentialsLayout layout = TestPlatforms.named("openbsd-amd64").credentials();
        isDecodedTo(CredentialsCodec.decode(layout, answer(12, 0, 1000, 4, 100, 8, 4711), 0), 4711, 1000, 100);
    }

    @Test
    void xucredHasAListOfGroups() {
        ByteBuffer answer = answer(88, 4, 1000, 12, 100, 16, 101, 20, 102, 80, 4711);
        answer.putShort(8, (short) 3);
        isDecodedTo(CredentialsCodec.decode(xucred("freebsd-amd64"), answer, 0), 4711, 1000, 100, 101, 102);
        isDecodedTo(CredentialsCodec.decode(xucred("dragonfly-amd64"), answer, 0), 0, 1000, 100, 101, 102);
        isDecodedTo(CredentialsCodec.decode(xucred("darwin-amd64"), answer, 99), 99, 1000, 100, 101, 102);
    }

    @Test
    void aNumberOfGroupsThatDoesNotFitIsCut() {
        ByteBuffer answer = answer(76, 4, 1);
        answer.putShort(8, (short) 17);
        assertThat(CredentialsCodec.decode(xucred("darwin-amd64"), answer, 0).gids())
                .hasSize(16);
        answer.putShort(8, (short) -1);
        assertThat(CredentialsCodec.decode(xucred("darwin-amd64"), answer, 0).gids())
                .isEmpty();
    }
}
