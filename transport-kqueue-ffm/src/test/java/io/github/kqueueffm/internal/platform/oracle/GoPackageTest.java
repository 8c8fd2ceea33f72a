// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The generated files of golang.org/x/sys/unix. */
class GoPackageTest {

    @TempDir
    Path folder;

    @Test
    void valuesStructsAndSymbols() throws IOException {
        Files.writeString(folder.resolve("zerrors_linux.go"), "const (\n\tSHARED = 0x10\n)\n");
        Files.writeString(folder.resolve("zerrors_linux_amd64.go"), """
                package unix
                const (
                \tAF_UNIX                           = 0x1
                \tNEGATIVE                          = -0x2
                \tALL                               = 0xffffffffffffffff
                )
                const (
                \tEAGAIN = syscall.Errno(0xb)
                \tSIGHUP = syscall.Signal(1)
                )
                """);
        Files.writeString(folder.resolve("ztypes_linux_amd64.go"), """
                type (
                \t_C_int int32
                )
                type _Gid_t uint32
                type Inner struct {
                \tA uint8
                \tB [2]_C_int /* b */
                }
                type Outer struct {
                \tName *byte
                \tInner
                \t_    [4]byte
                \tGid  _Gid_t
                \t_    int16
                }
                """);
        Files.writeString(
                folder.resolve("zsyscall_linux_amd64.go"),
                "//go:cgo_import_dynamic libc_fstat fstat64 \"/usr/lib/libSystem.B.dylib\"\n");
        GoPackage go = GoPackage.read(folder, "linux", "amd64");
        assertThat(go).isNotNull();
        assertThat(go.constant("SHARED")).isEqualTo(16);
        assertThat(go.constant("NEGATIVE")).isEqualTo(-2);
        assertThat(go.constant("ALL")).isEqualTo(-1);
        assertThat(go.constant("EAGAIN")).isEqualTo(11);
        assertThat(go.constant("SIGHUP")).isEqualTo(1);
        assertThat(go.constant("NONE")).isNull();
        CStruct outer = go.struct("Outer");
        assertThat(outer.member("Inner")).isEqualTo(new CStruct.Member(8, 12));
        assertThat(outer.member("Gid")).isEqualTo(new CStruct.Member(24, 4));
        assertThat(outer.size()).isEqualTo(32);
        assertThat(go.struct("Inner").member("B")).isEqualTo(new CStruct.Member(4, 8));
        assertThat(go.struct("None")).isNull();
        assertThat(go.symbol("fstat")).isEqualTo("fstat64");
        assertThat(GoPackage.read(folder, "linux", "vax")).isNull();
    }
}
