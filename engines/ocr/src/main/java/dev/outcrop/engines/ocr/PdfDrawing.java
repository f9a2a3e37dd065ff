package dev.outcrop.engines.ocr;

import java.io.IOException;
import java.util.List;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.graphics.image.PDImage;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.rendering.PageDrawer;
import org.apache.pdfbox.rendering.PageDrawerParameters;

/** Draws pages of a PDF, looking at the clock at each operator and at each image's size before it is unpacked. */
final class PdfDrawing extends PDFRenderer {
    private final int side;
    private final Deadline deadline;

    PdfDrawing(PDDocument document, int side, Deadline deadline) {
        super(document);
        this.side = side;
        this.deadline = deadline;
        setSubsamplingAllowed(true);
    }

    @Override
    protected PageDrawer createPageDrawer(PageDrawerParameters parameters) throws IOException {
        return new Watched(parameters);
    }

    /** Draws one page. */
    private final class Watched extends PageDrawer {
        Watched(PageDrawerParameters parameters) throws IOException {
            super(parameters);
        }

        @Override
        protected void processOperator(Operator operator, List<COSBase> operands) throws IOException {
            deadline.check();
            super.processOperator(operator, operands);
        }

        @Override
        public void drawImage(PDImage image) throws IOException {
            ImageFile.check(image.getWidth(), image.getHeight(), side);
            super.drawImage(image);
        }
    }
}
