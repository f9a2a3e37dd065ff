#!/bin/sh
# Trains the guard's classifiers, after the word vectors and names of engines/language: train.sh MODEL_FOLDER LABELLED_FOLDER
set -e
model=$1
labelled=$2
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
classpath=$(mktemp)
mvn -o -q -pl engines/guard -am test-compile dependency:build-classpath -Dmdep.outputFile="$classpath"
out=$here/src/main/resources/dev/outcrop/engines/guard
recipe() {
    class=$1
    shift
    java -Xmx3g --enable-native-access=ALL-UNNAMED \
        -cp "$out/../../../..:$here/target/classes:$here/../language/target/classes:$here/../embedding/target/classes:$(cat "$classpath")" \
        "dev.outcrop.engines.guard.$class" "$@"
}
recipe training.ClassifierRecipe "$model" "$here/data/training" "$labelled" "$here/target/embeddings.bin" "$out/classifier.bin.gz"
